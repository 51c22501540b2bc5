import { AppError } from '@souk/service';
import type { SchemaName, Schemas } from './check';
import type { Snapshot } from './run-check';

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
  const tables = await snapshot.rows<{ place: string }>(
    `SELECT CONCAT(table_schema, '.', table_name) AS place FROM information_schema.tables WHERE table_schema IN (?)`,
    [names.map((name) => schemas[name])],
  );
  const places = new Set(tables.map(({ place }) => place));
  const present = names.filter((name) => places.has(`${schemas[name]}.${FIRST_TABLES[name]}`));
  if (present.length === 0) {
    throw new AppError('unavailable', 'NOTHING_TO_CHECK', 'there is no schema here that this user may read');
  }
  return new Set(present);
}
