import type { Queryable } from './database';
import { upsertStatement } from './upsert';

/** @param run runs one statement and returns the driver's result: rows, or the header of a write */
export function queryableBy(
  run: (sql: string, parameters?: unknown[]) => Promise<unknown>,
  isMariaDb: boolean,
): Queryable {
  const write = async (sql: string, parameters?: unknown[]) =>
    ((await run(sql, parameters)) as { affectedRows: number }).affectedRows;
  return {
    rows: async <Row>(sql: string, parameters?: unknown[]) => (await run(sql, parameters)) as Row[],
    write,
    upsert: (into, rows, assignments) => write(upsertStatement(isMariaDb, into, assignments), [rows]),
  };
}
