import { MONITORING_API_DESCRIPTION } from '@souk/contracts';
import { migrateWhenUp, openDatabase } from '@souk/database';
import { createHttpApp, problemFailures } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher } from '@souk/messaging';
import { unavailable, type App, type AppContext } from '@souk/service';
import type { Config } from './config';
import { migrations } from './migrations';
import { bindRoutes } from './routes';

export interface ConsumersApp extends App {
  /** The port of the Monitoring API, once started. */
  port(): number;
}

/** Makes every adapter once and wires them. */
export function buildApp(config: Config, context: AppContext): ConsumersApp {
  const { logger, metrics: registry } = context;
  const db = openDatabase(config.MONITORING_DATABASE_URL, config, registry);
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'transaction-consumers', logger });
  const publisher = createPublisher(broker, logger, []);
  const outbox = createOutboxRelay(db, publisher, logger);

  let isMigrated = false;
  const http = createHttpApp({
    host: config.SOUK_BIND,
    port: config.PORT,
    service: MONITORING_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    checks: {
      broker: () => broker.ping(),
      database: async () => {
        if (!isMigrated) throw unavailable('the schema');
        await db.ping();
      },
    },
    adminKey: config.ADMIN_API_KEY,
    corsOrigins: config.CORS_ORIGINS,
    inFlightMax: config.IN_FLIGHT_MAX,
  });
  bindRoutes(http, { db });

  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  const started: { stop(): Promise<void> }[] = [];

  const work = async () => {
    await migrateWhenUp(config.MONITORING_DATABASE_URL, migrations, { logger, signal: stopping.signal });
    isMigrated = true;
    if (stopping.signal.aborted) return;
    outbox.start();
    broker.start();
  };

  return {
    start: async () => {
      await http.start();
      // Engines may come up later: the process is alive meanwhile, and says that it is not ready.
      working = work().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      stopping.abort();
      await http.stop();
      await working;
      for (const each of started) await each.stop();
      await outbox.stop();
      await broker.stop();
      await db.close();
    },
    port: http.port,
  };
}
