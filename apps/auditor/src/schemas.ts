import type { Queryable } from '@souk/database';
import { AppError } from '@souk/service';

/** The names of the schemas in the audited database. */
export interface Schemas {
  cart: string;
  inventory: string;
  wallet: string;
  monitoring: string;
}

export type SchemaName = keyof Schemas;

/** All statements see the same moment. */
export type Snapshot = Pick<Queryable, 'rows'>;

/** A table of each owner's first migration; for `monitoring`, of the last migration whose tables the checks read. */
const FIRST_TABLES: Record<SchemaName, string> = {
  cart: 'orders',
  inventory: 'product_details',
  wallet: 'posting',
  monitoring: 'analytics_account_hour',
};

/**
 * @returns the schemas that their owners have created and that this user may read
 * @throws AppError `unavailable` (NOTHING_TO_CHECK) if there is none
 */
export async function findSchemas(snapshot: Snapshot, schemas: Schemas): Promise<Set<SchemaName>> {
  const names = Object.keys(FIRST_TABLES) as SchemaName[];
  const rows = await snapshot.rows<{ name: string }>(
    `SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE table_schema IN (?)`,
    [names.map((name) => schemas[name])],
  );
  const readableTables = new Set(rows.map(({ name }) => name));
  const present = names.filter((name) => readableTables.has(`${schemas[name]}.${FIRST_TABLES[name]}`));
  if (present.length === 0) throw new AppError('unavailable', 'NOTHING_TO_CHECK', 'this user cannot read any schema');
  return new Set(present);
}
