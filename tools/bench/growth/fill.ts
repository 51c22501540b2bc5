import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { redoLogSetting } from './memory-settings';
import { shapeOf, type Scale, type Shape } from './shape';
import {
  CHUNK_ROWS,
  chunkStatements,
  customerStatements,
  END_STATEMENTS,
  HELPERS,
  keyStatement,
  LEDGER_STATEMENTS,
  merchantStatements,
  MONITORING_STATEMENTS,
  ORDER_STATEMENTS,
  productStatements,
} from './statements';

/** One connection each for the ledger, the keys, the orders, and the rows derived from the ledger. */
const CONNECTIONS = 4;

/** Used only during the fill: after a crash, only the fill has to be repeated. */
const FAST = {
  innodb_flush_log_at_trx_commit: 0,
  innodb_buffer_pool_size: 6 * 2 ** 30,
};
const REDO_LOG_BYTES = 4 * 2 ** 30;

/**
 * @returns the scale at which the schemas were filled; `undefined` if they weren't
 * @throws Error if a fill was interrupted
 */
export async function readScale(database: Connection): Promise<Scale | undefined> {
  const [tables] = await database.query<RowDataPacket[]>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'growth'",
  );
  if (tables.length === 0) return undefined;
  if (!tables.some(({ name }) => name === 'filled'))
    throw new Error('Filling this system was interrupted. Remove it with: node tools/souk.mjs down --home FOLDER');
  const [[row]] = await database.query<RowDataPacket[]>('SELECT scale FROM growth.filled');
  return Number(row!.scale) as Scale;
}

/**
 * Fills the schemas with consistent customers, products, orders, transactions and keys. The apps may be running.
 * @param mysqlUrl the URL for root
 */
export async function fill(mysqlUrl: string, scale: Scale): Promise<void> {
  const shape = shapeOf(scale);
  console.log(`Filling the schemas: ${shape.customers} customers, ${shape.transactions} transactions`);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(mysqlUrl)));
  const [connection, keyConnection] = connections as [Connection, Connection];
  const settings = await relax(connection);
  try {
    await run(connection, HELPERS);
    await Promise.all([fillBooks(connections, shape), fillKeys(keyConnection, shape.idempotencyKeys)]);
    await run(connection, [
      'ANALYZE TABLE wallet.posting, wallet.transaction, wallet.event, wallet.idempotency, cart.orders',
      `CREATE TABLE growth.filled AS SELECT ${scale} AS scale`,
    ]);
  } finally {
    await restore(connection, settings);
    await Promise.all(connections.map((each) => each.end()));
  }
}

async function open(uri: string): Promise<Connection> {
  const connection = await mysql.createConnection({ uri });
  // The binary log would only double the amount of data written.
  await run(connection, [
    'SET SESSION sql_log_bin = 0',
    'SET SESSION unique_checks = 0',
    // Temporary tables stay in memory.
    'SET SESSION tmp_table_size = 1073741824',
    'SET SESSION max_heap_table_size = 1073741824',
    'SET SESSION sort_buffer_size = 134217728',
    'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  ]);
  return connection;
}

async function fillBooks(connections: readonly Connection[], shape: Shape): Promise<void> {
  const [connection, , orderConnection, monitoringConnection] = connections as Connection[];
  await run(connection!, [...merchantStatements, ...productStatements(shape)]);
  for (let first = 0; first < shape.customers; first += CHUNK_ROWS)
    await run(connection!, customerStatements(shape, first));
  const startedAt = performance.now();
  for (let first = 0; first < shape.transactions; first += CHUNK_ROWS) {
    await run(connection!, chunkStatements(shape, first));
    await Promise.all([
      run(connection!, LEDGER_STATEMENTS),
      run(orderConnection!, ORDER_STATEMENTS),
      run(monitoringConnection!, MONITORING_STATEMENTS),
    ]);
    report('transactions', Math.min(first + CHUNK_ROWS, shape.transactions), shape.transactions, startedAt);
  }
  await run(connection!, END_STATEMENTS);
}

async function fillKeys(connection: Connection, keys: number): Promise<void> {
  const startedAt = performance.now();
  for (let first = 0; first < keys; first += CHUNK_ROWS) {
    await run(connection, [keyStatement(keys, first)]);
    report('idempotency keys', Math.min(first + CHUNK_ROWS, keys), keys, startedAt);
  }
}

async function run(connection: Connection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    try {
      await connection.query(statement);
    } catch (error) {
      throw new Error(`${String(error)}\n${statement}`, { cause: error });
    }
  }
}

function report(what: string, done: number, total: number, startedAt: number): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}, ${seconds.toFixed(0)} s`);
}

/** @returns the settings to restore */
async function relax(connection: Connection): Promise<Record<string, number>> {
  const before: Record<string, number> = {};
  for (const [name, value] of Object.entries({ ...FAST, [await redoLogSetting(connection)]: REDO_LOG_BYTES })) {
    const [[row]] = await connection.query<RowDataPacket[]>(`SELECT @@GLOBAL.${name} AS value`);
    const current = Number(row!.value);
    before[name] = current;
    // A buffer pool that is already larger stays so.
    const isSize = name !== 'innodb_flush_log_at_trx_commit';
    await connection.query(`SET GLOBAL ${name} = ${isSize ? Math.max(current, value) : value}`);
  }
  return before;
}

async function restore(connection: Connection, settings: Record<string, number>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await connection.query(`SET GLOBAL ${name} = ${value}`);
}
