import { unavailable } from '@souk/service';
import knex from 'knex';
import type { Connection } from 'mysql2';
import mysql from 'mysql2/promise';
import { createHash } from 'node:crypto';
import { probeServer } from '../connection/probe-server';
import { connectionOptions, setUpSession } from '../connection/session';
import { toDatabaseError } from '../database-errors';
import { MIGRATIONS_TABLE } from './migrations-table';

/** One numbered schema change, immutable once merged. Its statements can be rerun safely after a crash halfway. */
export interface Migration {
  /** Such as `0001-carts`; migrations run in the order of their names. */
  name: string;
  statements: string[];
}

/**
 * The name of the lock that is held while a schema is migrated. Earlier releases compute it in the database with SHA1(), which
 * MySQL 9.7 no longer has. The name must stay the same so that replicas of both releases exclude each other.
 * @param schema as DATABASE() returns it, which may differ in case from the URL
 */
export const migrationLock = (schema: string) => `${createHash('sha1').update(schema).digest('hex')}.migrate`;

const LOCK_TIMEOUT_S = 60;
const SESSION_TIMEOUT_MS = 5_000;

/**
 * Brings a schema up to date and checks that the server has what Souk's promises depend on. Several replicas may call it at
 * once: a database lock admits one at a time. The lock ends with its connection, so a killed process doesn't block the others,
 * as knex's own lock row would. Migrations that only a newer release knows stay in the schema.
 * @returns a warning if the server's version is untested
 * @throws ServerRefused for a server that Souk can't work with; AppError `unavailable` for one that doesn't respond
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<string | undefined> {
  const lock = await mysql.createConnection(connectionOptions(url)).catch((error: unknown) => {
    throw toDatabaseError(error);
  });
  try {
    const server = await setUpSession(lock, SESSION_TIMEOUT_MS);
    const [names] = await lock.query('SELECT DATABASE() AS name');
    const name = (names as { name: string }[])[0]!.name;
    const [rows] = await lock.query('SELECT GET_LOCK(?, ?) AS held', [migrationLock(name), LOCK_TIMEOUT_S]);
    if ((rows as { held: number }[])[0]?.held !== 1) throw unavailable('the migration lock');
    await runMigrations(url, migrations);
    return await probeServer(url, lock, server);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    lock.destroy();
  }
}

async function runMigrations(url: string, migrations: readonly Migration[]): Promise<void> {
  const db = knex({
    client: 'mysql2',
    // knex would mistake the collation for a character set; the session sets both.
    connection: { ...connectionOptions(url), charset: undefined },
    pool: {
      min: 0,
      max: 1,
      afterCreate: (connection: Connection, done: (error: unknown, connection: Connection) => void) => {
        setUpSession(connection.promise(), SESSION_TIMEOUT_MS).then(
          () => done(null, connection),
          (error: unknown) => done(error, connection),
        );
      },
    },
  });
  try {
    const config = {
      tableName: MIGRATIONS_TABLE,
      // During an upgrade and after a rollback, a schema has migrations that only the newer release knows.
      disableMigrationsListValidation: true,
      migrationSource: {
        getMigrations: () => Promise.resolve([...migrations]),
        getMigrationName: (migration: Migration) => migration.name,
        getMigration: (migration: Migration) =>
          Promise.resolve({
            up: async (trx: knex.Knex) => {
              for (const sql of migration.statements) await trx.raw(sql);
            },
            down: () => Promise.reject(new Error('migrations cannot be rolled back')),
          }),
      },
    };
    // We hold the lock that counts, so the process that left knex's lock row behind is dead.
    await db.migrate.forceFreeMigrationsLock(config);
    await db.migrate.latest(config);
  } finally {
    await db.destroy();
  }
}
