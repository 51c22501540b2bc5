import type { Connection, RowDataPacket } from 'mysql2/promise';

/** The setting for the size of the redo log. With a small log, the same pages are written over and over. */
const REDO_LOG = { MariaDB: 'innodb_log_file_size', MySQL: 'innodb_redo_log_capacity' };

/** Tables and indexes that are read and written only at their end. */
const APPENDED = "TABLE_NAME IN ('event', 'inbox') OR INDEX_NAME IN ('by_age', 'by_transaction')";

export async function redoLogSetting(database: Connection): Promise<string> {
  const [[row]] = await database.query<[RowDataPacket & { version: string }]>('SELECT VERSION() AS version');
  return /mariadb/i.test(row.version) ? REDO_LOG.MariaDB : REDO_LOG.MySQL;
}

export async function resizeRedoLog(database: Connection, mib: number): Promise<void> {
  await database.query(`SET GLOBAL ${await redoLogSetting(database)} = ?`, [mib * 2 ** 20]);
}

/** Reads all indexes but the appended ones, so that the pool is as full as after a while in use. */
export async function loadIntoPool(database: Connection): Promise<void> {
  const [indexes] = await database.query<RowDataPacket[]>(
    `SELECT DISTINCT TABLE_SCHEMA AS schemaName, TABLE_NAME AS tableName, INDEX_NAME AS indexName
       FROM information_schema.STATISTICS WHERE TABLE_SCHEMA IN (?) AND NOT (${APPENDED})`,
    [['cart', 'inventory', 'wallet', 'monitoring']],
  );
  for (const { schemaName, tableName, indexName } of indexes)
    await database.query('SELECT COUNT(*) FROM ??.?? FORCE INDEX (??)', [schemaName, tableName, indexName]);
}
