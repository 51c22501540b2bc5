import { AppError, Gauge, integerSetting, retryWithBackoff, type Logger, type Registry } from '@souk/service';
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
    .describe('Maximum wait for one statement'),
};

export type DatabaseSettings = { [Name in keyof typeof databaseSettings]: z.output<(typeof databaseSettings)[Name]> };

/** Opens an app's own schema with its settings, and adds the pool's use to its metrics. */
export function openDatabase(url: string, settings: DatabaseSettings, registry: Registry): Database {
  const db = createDatabase({
    url,
    poolSize: settings.DATABASE_POOL,
    acquireTimeoutMs: settings.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
  });
  new Gauge({
    name: 'souk_database_connections',
    help: 'Use of the pool of database connections',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(db.poolUse())) this.set({ state }, count);
    },
  });
  return db;
}

/**
 * Migrates a schema as soon as its engine is up, however long that takes. Rejects if a migration is wrong, or if Souk can't
 * keep its promises with the server.
 */
export async function migrateWhenUp(
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
    onRetry: (error, attempt) => logger.warn({ attempt, err: error }, 'the schema can not be migrated yet'),
  });
  if (warning) logger.warn(warning);
}
