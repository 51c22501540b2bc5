import type { PoolConnection, ResultSetHeader } from 'mysql2/promise';

/**
 * Inserts rows whose ids must be new. An existing id is a repeat, or a tombstone left by an undo that arrived first. Neither
 * happens while the benchmark runs, so a floor only pays for finding out.
 * @param into the table and its columns
 */
export async function insertNew(tx: PoolConnection, into: string, rows: readonly unknown[][]): Promise<void> {
  const [{ affectedRows }] = await tx.query<ResultSetHeader>(`INSERT IGNORE INTO ${into} VALUES ?`, [rows]);
  if (affectedRows !== rows.length) throw new Error(`${into}: some of these ids already exist`);
}
