import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { migrate, type Migration } from './migrator';

let schema: TestDatabase;

beforeAll(async () => (schema = await createTestDatabase('migrator')));
afterAll(() => schema.drop());

const first: Migration = { name: '0001-carts', statements: ['CREATE TABLE IF NOT EXISTS cart (id INT PRIMARY KEY)'] };
const second: Migration = { name: '0002-names', statements: ['ALTER TABLE cart ADD COLUMN name VARCHAR(10)'] };

test('a replica of the release before starts on a schema that a newer one has migrated, and leaves it as it is', async () => {
  await migrate(schema.url, [first, second]);
  await migrate(schema.url, [first]);
  expect(await schema.rows('SELECT name FROM schema_migrations ORDER BY name')).toEqual([
    { name: first.name },
    { name: second.name },
  ]);
  await schema.rows("INSERT INTO cart VALUES (1, 'kept')");
});
