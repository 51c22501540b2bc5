import { addToCartJob, cancelOrderJob, checkOutJob, createMessage } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { migrations } from './migrations';
import type { Order } from './orders/order-rows';
import { insertOrders } from './orders/order-store';
import { weighCartJobs } from './weigh-messages';

let schema: TestDatabase;
let db: Database;

const origin = { actor: 'ada', correlationId: 'c', causationId: 'c' };
const terms = { notAfter: Date.now() + 60_000 };
const addition = createMessage(addToCartJob, { clientID: 'ada', productID: 'p', quantity: 1, ...terms }, origin);
const checkOut = (clientID: string, id: string) =>
  createMessage(checkOutJob, { clientID, ...terms }, { ...origin, id });
const cancellation = (orderID: string) => createMessage(cancelOrderJob, { orderID, ...terms }, origin);

beforeAll(async () => {
  schema = await createTestDatabase('weigh');
  await migrate(schema.url, migrations);
  db = createDatabase({ url: schema.url, poolSize: 4, acquireTimeoutMs: 2_000, statementTimeoutMs: 10_000 });
  const items = Array.from({ length: 30 }, (_, n) => ({ productID: `p${n}`, quantity: 1, unitPrice: 100n }));
  const now = new Date();
  const order: Order = {
    orderID: 'large',
    clientID: 'ada',
    status: 'processing',
    error: '',
    code: '',
    items,
    total: 3000n,
    currency: 'USD',
    createdAt: now,
    updatedAt: now,
  };
  await db.transaction((tx) => insertOrders(tx, [{ order, origin }], 60));
  await db.write('INSERT INTO client_cart (client_id, product_id, quantity) VALUES ?', [
    ['a', 'b', 'c'].map((product) => ['bob', product, 1]),
  ]);
});

afterAll(async () => {
  await db.close();
  await schema.drop();
});

test('a job weighs as many lines as it reads: those of the cart, and those of the order that it created earlier or cancels', async () => {
  const jobs = [
    addition,
    checkOut('bob', 'new'),
    checkOut('ada', 'large'),
    cancellation('large'),
    cancellation('unknown'),
  ];
  expect(await weighCartJobs(db, jobs)).toEqual([1, 3, 30, 30, 1]);
});
