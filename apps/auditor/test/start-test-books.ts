import { createDatabase, migrate, type Database, type Migration } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { CheckResult } from '../src/check-result';
import { auditDatabases, type DatabaseAuditDeps } from '../src/databases/audit-databases';
import type { Check } from '../src/databases/check';
import { CHECKS } from '../src/databases/checks';
import type { Schemas } from '../src/schemas';
import { MONITORING_TABLES } from './monitoring-tables';

export interface TestBooks {
  schemas: Schemas;
  /** Runs a statement as root, with `wallet.`, `cart.`, `inventory.` and `monitoring.` replaced by the schemas of this test. */
  run(sql: string, parameters?: unknown[]): Promise<unknown[]>;
  databases: Record<keyof Schemas, TestDatabase>;
  /** The URL from which the auditor reads, with a read-only user. */
  url: string;
  db: Database;
  /** The ledger, for writing. */
  wallet: Database;
  /** The consumers' tables, for writing. */
  monitoring: Database;
  audit(options?: Partial<DatabaseAuditDeps>): Promise<CheckResult<Check>[]>;
  drop(): Promise<void>;
}

/** Number of connections that may write to the ledger concurrently. */
export const WRITERS = 12;

const OWNERS = { cart: 'cart-worker', inventory: 'inventory-manager', wallet: 'wallet-api' } as const;

/** Apps don't import each other, so the owner's migrations are loaded by path. */
async function migrationsOf(app: string): Promise<readonly Migration[]> {
  const folder = resolve(__dirname, '../..', app, 'src/migrations/index.ts');
  return ((await import(folder)) as { migrations: readonly Migration[] }).migrations;
}

/** Creates the tables of the schema `monitoring` that the checks read. */
async function monitoringMigrations(): Promise<readonly Migration[]> {
  const file = resolve(__dirname, '../../monitoring/src/migrations/0004-analytics.ts');
  const { analytics } = (await import(file)) as { analytics: Migration };
  return [{ name: '0001-monitoring', statements: MONITORING_TABLES }, analytics];
}

/** Creates empty schemas as their owners do, and a user that may read them. */
export async function startTestBooks(): Promise<TestBooks> {
  const databases = {
    cart: await createTestDatabase('audit_cart'),
    inventory: await createTestDatabase('audit_stock'),
    wallet: await createTestDatabase('audit_wallet'),
    monitoring: await createTestDatabase('audit_monitoring'),
  };
  const schemas = {
    cart: databases.cart.schema,
    inventory: databases.inventory.schema,
    wallet: databases.wallet.schema,
    monitoring: databases.monitoring.schema,
  };
  for (const name of ['cart', 'inventory', 'wallet'] as const) {
    await migrate(databases[name].url, await migrationsOf(OWNERS[name]));
  }
  await migrate(databases.monitoring.url, await monitoringMigrations());
  const user = `audit_${randomBytes(5).toString('hex')}`;
  const run = (sql: string, parameters: unknown[] = []) =>
    databases.wallet.rows(
      sql.replace(/\b(cart|inventory|wallet|monitoring)\./g, (_, name: keyof Schemas) => `${schemas[name]}.`),
      parameters,
    );
  await run(`CREATE USER '${user}'@'%' IDENTIFIED BY 'audit'`);
  for (const schema of Object.values(schemas)) await run(`GRANT SELECT ON ${schema}.* TO '${user}'@'%'`);
  const { host } = new URL(databases.wallet.url);
  const url = `mysql://${user}:audit@${host}/`;
  const timeouts = { acquireTimeoutMs: 20_000, statementTimeoutMs: 60_000 };
  const db = createDatabase({ url, poolSize: 1, ...timeouts });
  const wallet = createDatabase({ url: databases.wallet.url, poolSize: WRITERS, ...timeouts });
  const monitoring = createDatabase({ url: databases.monitoring.url, poolSize: 1, ...timeouts });
  return {
    schemas,
    run,
    databases,
    url,
    db,
    wallet,
    monitoring,
    audit: (options = {}) =>
      auditDatabases({ db, checks: CHECKS, schemas, graceMs: 0, paysByWallet: true, ...options }),
    drop: async () => {
      await Promise.all([db.close(), wallet.close(), monitoring.close()]);
      await run(`DROP USER '${user}'@'%'`);
      for (const database of Object.values(databases)) await database.drop();
    },
  };
}

/** The names of the checks that report something, with the ids they report. */
export function brokenOf(results: readonly CheckResult[]): Record<string, unknown[]> {
  const broken = results.flatMap((result) => (result.outcome === 'broken' ? [result] : []));
  return Object.fromEntries(broken.map(({ check, broken: rows }) => [check.name, rows.map(({ id }) => id)]));
}
