import type { z } from 'zod';
import { ConfigError, loadConfig } from './config';
import { createLogger, type Logger } from './logger';
import { createMetrics, type Registry } from './metrics';
import { judgeVersion } from './supported-engines';

/** The result of a composition root. `start` may be called before any engine is up; `stop` drains the work in flight. */
export interface App {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What every app gets besides its settings. */
export interface AppContext {
  logger: Logger;
  metrics: Registry;
}

/** Named checks of a service's dependencies. A check rejects, or takes too long, if its dependency is down. */
export type ReadinessChecks = Record<string, () => Promise<void>>;

const STOP_TIMEOUT_MS = 10_000;

/**
 * Runs an app until SIGTERM or SIGINT, then stops it within 10 s, plus `SHUTDOWN_DELAY_MS` if it has that setting. Exits with
 * code 1 on invalid settings, a failed start or an unhandled error. The supervisor then restarts it; no promise is broken.
 */
export async function runApp<Schema extends z.ZodObject & z.ZodType<{ LOG_LEVEL: string; SHUTDOWN_DELAY_MS?: number }>>(
  name: string,
  schema: Schema,
  env: NodeJS.ProcessEnv,
  build: (config: z.output<Schema>, context: AppContext) => App,
): Promise<void> {
  let config: z.output<Schema>;
  try {
    config = loadConfig(schema, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exit(1);
  }
  const logger = createLogger(name, config.LOG_LEVEL);
  const { warning } = judgeVersion('node', process.versions.node);
  if (warning) logger.warn(warning);
  const app = build(config, { logger, metrics: createMetrics(name) });

  const exit = (code: number) => {
    logger.flush();
    process.exit(code);
  };
  const crash = (error: unknown) => {
    logger.fatal({ err: error }, 'unhandled error');
    exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => exit(1), STOP_TIMEOUT_MS + (config.SHUTDOWN_DELAY_MS ?? 0)).unref();
    app.stop().then(
      () => exit(0),
      (error: unknown) => crash(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    await app.start();
    logger.info('started');
  } catch (error) {
    crash(error);
  }
}
