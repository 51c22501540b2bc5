import { createDatabase, migrate } from '@souk/database';
import { createTestDatabase } from '@souk/testing';
import { migrations } from './index';

test('the record of stock changes begins with the earlier stock, including sold pieces', async () => {
  const schema = await createTestDatabase('upgrade');
  await migrate(schema.url, migrations.slice(0, 1));
  const db = createDatabase({ url: schema.url, poolSize: 1, acquireTimeoutMs: 2_000, statementTimeoutMs: 5_000 });
  const product =
    "product_details (product_id, product_name, quantity, unit_price, currency, actor) VALUES (?, 'p', ?, 1, 'USD', 'a')";
  for (const each of [
    ['Lamp', 4],
    ['lamp', 7],
    ['rug', 0],
  ])
    await db.write(`INSERT INTO ${product}`, each);
  for (const [id, items, outcome] of [
    ['sold-1', '[["lamp",2],["rug",5]]', 'committed'],
    ['sold-2', '[["lamp",1]]', 'committed'],
    ['given-back', '[["lamp",100]]', 'rolled_back'],
    ['open', '[["lamp",3]]', undefined],
    ['tombstone', null, 'rolled_back'],
  ]) {
    await db.write("INSERT INTO reservation (reserve_id, items, actor) VALUES (?, ?, 'a')", [id, items]);
    if (outcome)
      await db.write("INSERT INTO reservation_outcome (reserve_id, outcome, actor) VALUES (?, ?, 'a')", [id, outcome]);
  }

  await migrate(schema.url, migrations);
  // As after a crash halfway: the last step isn't recorded.
  await db.write('DELETE FROM schema_migrations WHERE name <> ?', [migrations[0]!.name]);
  await migrate(schema.url, migrations);

  const rows = await db.rows(
    'SELECT product_id, quantity_from, quantity_to, actor FROM stock_change ORDER BY product_id',
  );
  expect(rows).toEqual([
    { product_id: 'Lamp', quantity_from: 0, quantity_to: 4, actor: 'migration' },
    { product_id: 'lamp', quantity_from: 0, quantity_to: 10, actor: 'migration' },
    { product_id: 'rug', quantity_from: 0, quantity_to: 5, actor: 'migration' },
  ]);
  await db.close();
  await schema.drop();
});
