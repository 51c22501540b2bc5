import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { createDatabase, type Database } from './database';
import { keyTable } from './key-table';
import { purge } from './purge';
import { TABLE } from './schema/table-text';

const KEPT_HOURS = 31 * 24;

let schema: TestDatabase;
let db: Database;

beforeAll(async () => {
  schema = await createTestDatabase('purge');
  db = createDatabase({ url: schema.url, poolSize: 2, acquireTimeoutMs: 2_000, statementTimeoutMs: 5_000 });
});

afterAll(async () => {
  await db.close();
  await schema.drop();
});

beforeEach(async () => {
  await schema.rows('DROP TABLE IF EXISTS entry');
  await schema.rows(
    `CREATE TABLE entry (id INT PRIMARY KEY AUTO_INCREMENT, created_at DATETIME(3) NOT NULL, KEY by_age (created_at)) ${TABLE}`,
  );
});

const insert = (ages: readonly number[]) =>
  schema.rows(`INSERT INTO entry (created_at) VALUES ${ages.map(() => '(NOW(3) - INTERVAL ? HOUR)').join(', ')}`, [
    ...ages,
  ]);
const agesLeft = async () =>
  (
    await schema.rows<{ age: number }>('SELECT TIMESTAMPDIFF(HOUR, created_at, NOW(3)) AS age FROM entry ORDER BY age')
  ).map(({ age }) => Number(age));

test('rows are kept for the given time, to the hour, and then deleted', async () => {
  await insert([0, KEPT_HOURS - 1, KEPT_HOURS + 1, 2 * KEPT_HOURS]);
  expect(await purge(db, 'entry', KEPT_HOURS)).toBe(2);
  expect(await agesLeft()).toEqual([0, KEPT_HOURS - 1]);
  expect(await purge(db, 'entry', KEPT_HOURS)).toBe(0);
});

test('a run deletes the oldest rows first, at most a chunk per statement, and the next run continues', async () => {
  await insert([1, ...[5, 1, 4, 2, 3].map((n) => KEPT_HOURS + n)]);
  const sizes: number[] = [];
  const record = (size: number) => (sizes.push(size), size);
  const recordingDb = {
    ...db,
    write: async (...call: Parameters<Database['write']>) => record(await db.write(...call)),
  };
  const bounds = { chunkRows: 2, chunksMax: 2, isStopped: () => false };
  expect(await purge(recordingDb, 'entry', KEPT_HOURS, bounds)).toBe(4);
  expect(await agesLeft()).toEqual([1, KEPT_HOURS + 1]);
  expect(await purge(recordingDb, 'entry', KEPT_HOURS, bounds)).toBe(1);
  expect(sizes).toEqual([2, 2, 1]);
});

test('a stopped purge sends no further statement', async () => {
  await insert([1, 2, 3].map((n) => KEPT_HOURS + n));
  let isStopped = false;
  const stoppingDb = {
    ...db,
    write: (...call: Parameters<Database['write']>) => ((isStopped = true), db.write(...call)),
  };
  const bounds = { chunkRows: 1, chunksMax: 10, isStopped: () => isStopped };
  expect(await purge(stoppingDb, 'entry', KEPT_HOURS, bounds)).toBe(1);
});

test('a purge pauses after each statement for as long as the statement took', async () => {
  await schema.rows(
    `INSERT INTO entry (created_at) SELECT NOW(3) - INTERVAL ? HOUR FROM ${keyTable('INT')} STRAIGHT_JOIN ${keyTable('INT').replace(/k$/, 'l')}`,
    [
      2 * KEPT_HOURS,
      JSON.stringify(Array.from({ length: 100 }, (_, n) => n)),
      JSON.stringify(Array.from({ length: 100 }, (_, n) => n)),
    ],
  );
  const statements: { startedAt: number; endedAt: number }[] = [];
  const timedDb = {
    ...db,
    write: async (...call: Parameters<Database['write']>) => {
      const startedAt = performance.now();
      const count = await db.write(...call);
      statements.push({ startedAt, endedAt: performance.now() });
      return count;
    },
  };
  expect(await purge(timedDb, 'entry', KEPT_HOURS, { chunkRows: 5_000, chunksMax: 2, isStopped: () => false })).toBe(
    10_000,
  );
  const [first, second] = statements;
  expect(second!.startedAt - first!.endedAt).toBeGreaterThan(0.9 * (first!.endedAt - first!.startedAt));
});
