import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { addColumn } from './add-column';
import { migrate } from './migrator';

let schema: TestDatabase;

beforeAll(async () => {
  schema = await createTestDatabase('add_column');
  await schema.rows('CREATE TABLE account (id INT PRIMARY KEY) ENGINE = InnoDB');
  await schema.rows('INSERT INTO account VALUES (1)');
});

afterAll(async () => {
  await schema.drop();
});

test('a column is added once and keeps its data, even if its migration dies after adding it and runs again', async () => {
  const name = '0001-nickname';
  const migrations = [{ name, statements: addColumn('account', 'nickname', "VARCHAR(9) NULL DEFAULT 'none'") }];
  await migrate(schema.url, migrations);
  await schema.rows("INSERT INTO account VALUES (2, 'bo')");
  await schema.rows('DELETE FROM schema_migrations WHERE name = ?', [name]);
  await migrate(schema.url, migrations);
  expect(await schema.rows('SELECT id, nickname FROM account ORDER BY id')).toEqual([
    { id: 1, nickname: 'none' },
    { id: 2, nickname: 'bo' },
  ]);
  expect(await schema.rows('SELECT name FROM schema_migrations')).toEqual([{ name }]);
});
