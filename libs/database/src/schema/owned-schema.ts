import {
  AppError,
  Gauge,
  integerSetting,
  retryWithBackoff,
  unavailable,
  type Logger,
  type Registry,
} from '@souk/service';
import type { z } from 'zod';
import { createDatabase, type Database } from '../database';
import { migrate, type Migration } from './migrator';

/** Settings of every app that owns a schema. */
export const databaseSettings = {
  DATABASE_POOL: integerSetting(2, 100).default(8).describe('Maximum number of connections to the database'),
  DATABASE_ACQUIRE_TIMEOUT_MS: integerSetting(100, 60_000)
    .default(2_000)
    .describe('Maximum wait for a free connection'),
  DATABASE_STATEMENT_TIMEOUT_MS: integerSetting(100, 300_000)
    .default(10_000)
    .describe('Maximum wait for one statement, or for the statements of a transaction that are sent together'),
};

type DatabaseSettings = { [Name in keyof typeof databaseSettings]: z.output<(typeof databaseSettings)[Name]> };

interface OwnedSchemaOptions {
  url: string;
  migrations: readonly Migration[];
  settings: DatabaseSettings;
  logger: Logger;
  /** Gets the pool's use; absent if another schema of the process already does. */
  metrics?: Registry;
  /** Names the schema in errors, such as `the wallet`. */
  name: string;
}

/** The schema of one app. The app starts before its engine is up, and isn't ready until the schema is migrated. */
export interface OwnedSchema {
  db: Database;
  /**
   * Migrates the schema as soon as its engine is up, however long that takes. Then the schema is ready, unless `signal` is
   * aborted. Rejects if a migration fails, if Souk can't keep its promises with the server, or if `signal` is aborted.
   * @param prepare further work that must be done before the schema is ready
   */
  bringUp(signal: AbortSignal, prepare?: () => Promise<void>): Promise<void>;
  /** @throws AppError `unavailable` until the schema is ready */
  requireReady(): void;
  /**
   * The readiness check.
   * @throws AppError `unavailable` until the schema is ready, or if a write would fail
   */
  check(): Promise<void>;
}

/** Opens the schema with the app's settings. */
export function openOwnedSchema({ url, migrations, settings, logger, metrics, name }: OwnedSchemaOptions): OwnedSchema {
  const db = createDatabase({
    url,
    poolSize: settings.DATABASE_POOL,
    acquireTimeoutMs: settings.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
  });
  if (metrics) observePool(db, metrics);
  let isReady = false;
  const requireReady = () => {
    if (!isReady) throw unavailable(name);
  };
  return {
    db,
    bringUp: async (signal, prepare) => {
      await migrateWhenUp(url, migrations, { logger, signal });
      await prepare?.();
      if (signal.aborted) return;
      isReady = true;
      logger.info('the schema is up to date');
    },
    requireReady,
    check: async () => {
      requireReady();
      await db.ping();
    },
  };
}

function observePool(db: Database, registry: Registry): void {
  new Gauge({
    name: 'souk_database_connections',
    help: 'Connections in the database pool, and requests waiting for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(db.poolUse())) this.set({ state }, count);
    },
  });
}

async function migrateWhenUp(
  url: string,
  migrations: readonly Migration[],
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<void> {
  const warning = await retryWithBackoff(() => migrate(url, migrations), {
    initialMs: 200,
    maxMs: 2_000,
    attemptsMax: Infinity,
    signal,
    shouldRetry: (error) => error instanceof AppError && error.retryable,
    onRetry: (error, attempt) => logger.warn({ attempt, err: error }, 'could not migrate the schema yet; trying again'),
  });
  if (warning) logger.warn(warning);
}
