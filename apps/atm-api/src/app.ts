import { ATM_API_DESCRIPTION } from '@souk/contracts';
import { createHttpApp, problemFailures } from '@souk/http';
import type { App, AppContext } from '@souk/service';
import type { Config } from './config';

export interface AtmApp extends App {
  /** The port of the ATM API, once started. */
  port(): number;
}

/** Makes every adapter once and wires them. */
export function buildApp(config: Config, { logger, metrics: registry }: AppContext): AtmApp {
  const http = createHttpApp({
    host: config.SOUK_BIND,
    port: config.PORT,
    service: ATM_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    checks: {},
    adminKey: config.ADMIN_API_KEY,
    corsOrigins: config.CORS_ORIGINS,
    inFlightMax: config.IN_FLIGHT_MAX,
  });
  return { start: http.start, stop: http.stop, port: http.port };
}
