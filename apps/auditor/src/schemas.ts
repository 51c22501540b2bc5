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

/** A connection on which all statements see the data as of one moment. */
export type Snapshot = Pick<Queryable, 'rows'>;

/**
 * The table by which each schema is found: one of its first migration, or for `monitoring`, of the last one that the checks need.
 */
const IDENTIFYING_TABLES: Record<SchemaName, string> = {
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
  const names = Object.keys(IDENTIFYING_TABLES) as SchemaName[];
  const rows = await snapshot.rows<{ name: string }>(
    `SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE table_schema IN (?)`,
    [names.map((name) => schemas[name])],
  );
  const readableTables = new Set(rows.map(({ name }) => name));
  const present = names.filter((name) => readableTables.has(`${schemas[name]}.${IDENTIFYING_TABLES[name]}`));
  if (present.length === 0) throw new AppError('unavailable', 'NOTHING_TO_CHECK', 'this user cannot read any schema');
  return new Set(present);
}
