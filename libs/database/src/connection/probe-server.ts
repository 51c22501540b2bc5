import { judgeVersion } from '@souk/service';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { MIGRATIONS_TABLE } from '../schema/migrations-table';
import { connectionOptions, ServerRefused, setUpSession, type Server } from './session';

/** The smallest default among supported servers. The largest batches stay far below it. */
const PACKET_BYTES_MIN = 16 * 1024 * 1024;
const PROBE_TIMEOUT_MS = 5_000;

/** MariaDB's 3 also flushes at each commit. Source: https://mariadb.com/kb/en/innodb-system-variables/ */
const FLUSHED_AT_COMMIT = new Set(['1', '3']);

/**
 * Checks the properties of the server that Souk's promises depend on but a session can't set. `setUpSession` checks the rest.
 * @param holder a connection to a migrated schema, not in a transaction
 * @returns a warning if the version is untested
 * @throws ServerRefused
 */
export async function probeServer(url: string, holder: Connection, server: Server): Promise<string | undefined> {
  const { refusal, warning } = judgeVersion(server.isMariaDb ? 'mariadb' : 'mysql', server.version);
  if (refusal) throw new ServerRefused(refusal);
  await probeSettings(holder);
  await probeSkipLocked(url, holder);
  return warning;
}

async function probeSettings(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN
       ('innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog', 'max_allowed_packet')`,
  );
  const settings = Object.fromEntries(rows.map((row) => [row['Variable_name'] as string, row['Value'] as string]));
  const flush = settings['innodb_flush_log_at_trx_commit'] ?? 'unknown';
  if (!FLUSHED_AT_COMMIT.has(flush))
    throw new ServerRefused(`innodb_flush_log_at_trx_commit is ${flush}: a crash would lose commits; set it to 1`);
  if (settings['log_bin'] === 'ON' && settings['sync_binlog'] !== '1')
    throw new ServerRefused(`sync_binlog is ${settings['sync_binlog']}: a crash would lose commits; set it to 1`);
  const packetBytes = Number(settings['max_allowed_packet']);
  if (packetBytes < PACKET_BYTES_MIN)
    throw new ServerRefused(`max_allowed_packet is ${packetBytes}: large batches need ${PACKET_BYTES_MIN} or more`);
}

/** Some servers that speak MySQL's protocol accept SKIP LOCKED but ignore it, so two replicas would take the same work. */
async function probeSkipLocked(url: string, holder: Connection): Promise<void> {
  const otherConnection = await mysql.createConnection(connectionOptions(url));
  try {
    await setUpSession(otherConnection, PROBE_TIMEOUT_MS);
    await otherConnection.query('SET innodb_lock_wait_timeout = 1');
    await holder.query('BEGIN');
    const [lockedRows] = await holder.query<RowDataPacket[]>(
      `SELECT id FROM ${MIGRATIONS_TABLE} ORDER BY id LIMIT 1 FOR UPDATE`,
    );
    const [row] = lockedRows;
    if (row && !(await isSkipped(otherConnection, row['id'])))
      throw new ServerRefused('SKIP LOCKED does not skip locked rows: two replicas would take the same work');
  } finally {
    otherConnection.destroy();
    await holder.query('ROLLBACK').catch(() => undefined);
  }
}

const LOCK_WAIT_TIMEOUT = 1205;

async function isSkipped(connection: Connection, id: unknown): Promise<boolean> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT id FROM ${MIGRATIONS_TABLE} WHERE id = ? FOR UPDATE SKIP LOCKED`,
      [id],
    );
    return rows.length === 0;
  } catch (error) {
    if ((error as { errno?: number }).errno === LOCK_WAIT_TIMEOUT) return false;
    throw error;
  }
}
