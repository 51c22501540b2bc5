import { createLogger, createMetrics } from '@souk/service';
import {
  createCuttableProxy,
  ENGINE_START_TIMEOUT_MS,
  startTestMysqlServer,
  type CuttableProxy,
  type TestMysqlServer,
} from '@souk/testing';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { createDatabase, type Database } from '../database';
import { migrate } from '../schema/migrator';
import { openOwnedSchema } from '../schema/owned-schema';
import { connectionOptions, setUpSession } from './session';

const POOL = { poolSize: 2, acquireTimeoutMs: 5_000, statementTimeoutMs: 5_000 };
const INJECTION = "') OR SLEEP(1) -- x";

let server: TestMysqlServer;
let db: Database;
let droppingProxy: CuttableProxy;

beforeAll(async () => {
  server = await startTestMysqlServer(
    '--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
    "--init-connect=SET autocommit = 0, sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES', NAMES latin1",
  );
  db = createDatabase({ url: server.url, ...POOL });
  await db.write('CREATE TABLE text (id INT PRIMARY KEY, value VARCHAR(200) COLLATE utf8mb4_bin)');
  // This proxy drops session settings, as a proxy that shares connections between clients may do.
  droppingProxy = await createCuttableProxy(server);
  droppingProxy.alterRequests((chunk) =>
    Buffer.from(chunk.toString('latin1').replace('SET sql_mode', 'SET @ql_mode'), 'latin1'),
  );
}, ENGINE_START_TIMEOUT_MS);

afterAll(async () => {
  await db.close();
  await droppingProxy.close();
  await server.stop();
});

test('a value never becomes SQL on a server that runs without backslash escapes', async () => {
  const startedAt = performance.now();
  expect(await db.rows('SELECT (?) AS value', [INJECTION])).toEqual([{ value: INJECTION }]);
  expect(await db.rows('SELECT 1 AS found FROM DUAL WHERE ? IN (?)', ['y', ['x', INJECTION]])).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(900);
});

const MODES = ['', 'NO_BACKSLASH_ESCAPES', 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'];

test.each(MODES)('any text is stored and found again, even in a session with the mode "%s"', async (mode) => {
  const connection = await mysql.createConnection(connectionOptions(server.url));
  try {
    await setUpSession(connection, 1_000);
    await connection.query(`SET sql_mode = '${mode}'`);
    const text = fc.string({ unit: fc.constantFrom(...'\'"\\`;-\0\n\x1a%_ abé😀'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        await connection.query('REPLACE INTO text VALUES (?)', [[1, value]]);
        const [rows] = await connection.query('SELECT value FROM text WHERE value = ? AND value IN (?)', [
          value,
          [value],
        ]);
        expect(rows).toEqual([{ value }]);
      }),
      { numRuns: 50 },
    );
  } finally {
    connection.destroy();
  }
});

test('writes commit even though the server turns autocommit off for new connections', async () => {
  await db.write("REPLACE INTO text VALUES (2, 'kept')");
  expect(await server.rows('SELECT value FROM text WHERE id = 2')).toEqual([{ value: 'kept' }]);
});

test('migrations set the mode of their session too', async () => {
  await migrate(server.url, [
    { name: '0001-double-quotes', statements: ['CREATE TABLE quoted (a VARCHAR(9) DEFAULT "\\\\")'] },
  ]);
  await db.write('INSERT INTO quoted VALUES ()');
  expect(await db.rows('SELECT a FROM quoted')).toEqual([{ a: '\\' }]);
});

test('if the server ignores the mode, an app refuses to start and the pool hands out no connection', async () => {
  const url = new URL(server.url);
  url.port = String(droppingProxy.port);
  const schema = openOwnedSchema({
    url: url.href,
    migrations: [],
    settings: { DATABASE_POOL: 2, DATABASE_ACQUIRE_TIMEOUT_MS: 2_000, DATABASE_STATEMENT_TIMEOUT_MS: 2_000 },
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    name: 'the schema',
  });
  await expect(schema.bringUp(new AbortController().signal)).rejects.toThrow(/sql_mode/);
  await expect(schema.check()).rejects.toMatchObject({ kind: 'unavailable' });
  await schema.db.close();
  const misledDb = createDatabase({ url: url.href, ...POOL });
  await expect(misledDb.rows('SELECT 1')).rejects.toMatchObject({
    kind: 'unavailable',
    cause: { name: 'ServerRefused' },
  });
  expect(misledDb.poolUse().total).toBe(0);
  await misledDb.close();
});
