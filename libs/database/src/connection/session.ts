import { parseEngineUrl, type TlsFolder } from '@souk/tls';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { formatStatement } from './format-statement';

const CONNECT_TIMEOUT_MS = 3_000;

/** Settings that the guarantees about the data depend on, so every session sets them, whatever the server's defaults. */
const SESSION = {
  sql_mode: 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  time_zone: '+00:00',
  autocommit: 'ON',
  innodb_lock_wait_timeout: '5',
  character_set_client: 'utf8mb4',
  collation_connection: 'utf8mb4_bin',
};
const ISOLATION = 'READ-COMMITTED';
const SET_SESSION = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET sql_mode = '${SESSION.sql_mode}', time_zone = '${SESSION.time_zone}', autocommit = 1,
       innodb_lock_wait_timeout = ${SESSION.innodb_lock_wait_timeout}`,
];
/** MySQL and MariaDB name the isolation level differently. */
const SHOW_SESSION = `SHOW SESSION VARIABLES WHERE Variable_name IN ('version', 'transaction_isolation', 'tx_isolation', ${Object.keys(
  SESSION,
)
  .map((name) => `'${name}'`)
  .join(', ')})`;

/** Souk can't keep its promises with this server or the proxy in front of it. The message says why. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
}

/** A server's description of itself. */
export interface Server {
  /** Such as `8.4.3` or `10.11.14-MariaDB`. */
  version: string;
  isMariaDb: boolean;
}

/**
 * @param url `mysql://user:password@host:port/schema`
 * @throws Error that says what is wrong with the URL or its certificates
 */
export function connectionOptions(url: string) {
  const { url: uri, tls } = parseEngineUrl(url);
  return {
    uri,
    ...(tls && { ssl: sslOptions(tls) }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    enableKeepAlive: true,
    queryFormat: formatStatement,
  } satisfies ConnectionOptions & { queryFormat: typeof formatStatement };
}

/** The driver reads these properties at each new connection, so it uses renewed certificates. */
const sslOptions = (tls: TlsFolder) => ({
  get ca() {
    return tls.files().ca;
  },
  get cert() {
    return tls.files().cert;
  },
  get key() {
    return tls.files().key;
  },
  verifyIdentity: true,
});

/**
 * Sets up a new connection before its first statement.
 * @param timeoutMs the time limit for each step
 * @returns the server's version and kind
 * @throws ServerRefused if the server ignores the settings; driver errors
 */
export async function setUpSession(connection: Pick<Connection, 'query'>, timeoutMs: number): Promise<Server> {
  for (const sql of SET_SESSION) await connection.query({ sql, timeout: timeoutMs });
  const [rows] = await connection.query({ sql: SHOW_SESSION, timeout: timeoutMs });
  const shown = new Map(
    (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, row.Value]),
  );
  const expected = { ...SESSION, [shown.has('tx_isolation') ? 'tx_isolation' : 'transaction_isolation']: ISOLATION };
  for (const [name, value] of Object.entries(expected))
    if (sorted(shown.get(name)) !== sorted(value))
      throw new ServerRefused(`the database ignores SET ${name} = '${value}' and keeps '${shown.get(name)}'`);
  // Some versions of MariaDB add this prefix for old replication clients.
  const version = (shown.get('version') ?? '').replace(/^5\.5\.5-/, '');
  return { version, isMariaDb: /mariadb/i.test(version) };
}

/** The flags of `sql_mode` have no order. */
const sorted = (value = '') => value.split(',').sort().join();
