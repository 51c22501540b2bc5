import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { migrate, migrationLock, type Migration } from './migrator';

let database: TestDatabase;

beforeAll(async () => (database = await createTestDatabase('migrator')));
afterAll(() => database.drop());

const first: Migration = { name: '0001-carts', statements: ['CREATE TABLE IF NOT EXISTS cart (id INT PRIMARY KEY)'] };
const second: Migration = { name: '0002-names', statements: ['ALTER TABLE cart ADD COLUMN name VARCHAR(10)'] };

test('a replica of the previous release starts on a schema that a newer release has migrated, and leaves it unchanged', async () => {
  await migrate(database.url, [first, second]);
  await migrate(database.url, [first]);
  expect(await database.rows('SELECT name FROM schema_migrations ORDER BY name')).toEqual([
    { name: first.name },
    { name: second.name },
  ]);
  await database.rows("INSERT INTO cart VALUES (1, 'kept')");
});

const expectWaitForLock = async () =>
  expect(
    await database.rows("SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'"),
  ).not.toEqual([]);

test('the lock has the name that earlier releases computed with SHA1(DATABASE()), so replicas of both releases exclude each other', async () => {
  expect(migrationLock('cart')).toBe('8bfb4e1aa590eab8f08f837b97acf5803a5737ed.migrate');
  await database.rows('SELECT GET_LOCK(?, 0)', [migrationLock(database.schema)]);
  const third: Migration = { name: '0003-notes', statements: ['ALTER TABLE cart ADD COLUMN note VARCHAR(10)'] };
  let isDone = false;
  const migrating = migrate(database.url, [first, second, third]).then(() => (isDone = true));
  // A failed migration ends the test with its own error.
  await Promise.race([migrating, eventually(expectWaitForLock)]);
  expect(isDone).toBe(false);
  await database.rows('SELECT RELEASE_LOCK(?)', [migrationLock(database.schema)]);
  await migrating;
  expect(await database.rows("SELECT name FROM schema_migrations WHERE name = '0003-notes'")).toHaveLength(1);
});
