import type { PoolConnection, RowDataPacket } from 'mysql2/promise';

/** Locks the rows in sorted order, checks that each has enough, and takes it from all with one statement. */
export async function take(
  tx: PoolConnection,
  { table, key, column }: { table: string; key: string; column: string },
  amounts: ReadonlyMap<string, number>,
): Promise<void> {
  const ids = [...amounts.keys()].sort();
  const [rows] = await tx.query<(RowDataPacket & { id: string; available: number })[]>(
    `SELECT ${key} AS id, ${column} AS available FROM ${table} WHERE ${key} IN (?) ORDER BY ${key} FOR UPDATE`,
    [ids],
  );
  if (rows.length < ids.length || rows.some(({ id, available }) => available < amounts.get(id)!))
    throw new Error(`a ${table} has too little; the benchmark should have provided more`);
  await tx.query(
    `INSERT INTO ${table} (${key}, ${column}) VALUES ? ON DUPLICATE KEY UPDATE ${column} = ${column} - VALUES(${column})`,
    [ids.map((id) => [id, amounts.get(id)])],
  );
}
