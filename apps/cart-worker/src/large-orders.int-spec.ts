import type { OutboxEntry } from '@souk/messaging';
import { createMessage, getCartQuery, getOrderQuery, listOrdersQuery, type CartQuery } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { answerQueries } from './answer-queries';
import { returnToCarts } from './carts/cart-store';
import { migrations } from './migrations';
import { insertOrders } from './orders/order-store';
import { recheckOrders } from './orders/recheck-orders';

const LINES = 900;
const orderIDs = Array.from({ length: 7 }, (_, n) => `order-${n}`);
const items = Array.from({ length: LINES }, (_, n) => ({ productID: `p-${n}`, quantity: 1, unitPrice: 100n }));
const origin = { actor: 'ann', correlationId: 'c', causationId: 'c' };

let schema: TestDatabase;
let db: Database;

beforeAll(async () => {
  schema = await createTestDatabase('large');
  await migrate(schema.url, migrations);
  db = createDatabase({ url: schema.url, poolSize: 4, acquireTimeoutMs: 2_000, statementTimeoutMs: 10_000 });
  const order = {
    ...{ clientID: 'ann', error: '', items, total: 90_000n, currency: 'USD' },
    ...{ createdAt: new Date(), updatedAt: new Date() },
  };
  await db.transaction((tx) => {
    for (const orderID of orderIDs)
      insertOrders(tx, [{ order: { ...order, orderID, status: 'processing', code: '' }, origin }], 0);
    for (const clientID of ['bob', 'eve'])
      returnToCarts(
        tx,
        items.map(({ productID }) => [clientID, productID, 1]),
      );
  });
});

afterAll(async () => {
  await db.close();
  await schema.drop();
});

test('the jobs of overdue orders are resent in transactions of at most 2,000 lines', async () => {
  const batches: number[] = [];
  const outbox = {
    nudge: (entries: readonly OutboxEntry[]) => void batches.push(entries.flatMap(({ messages }) => messages).length),
  };
  expect(await recheckOrders({ db, outbox, recheckSeconds: 60 })).toBe(orderIDs.length);
  expect(batches.filter((size) => size > 0)).toEqual([2, 2, 2, 1]);
});

test('queries are answered in order, and no statement reads more than 5,000 lines', async () => {
  const reads: number[] = [];
  const countingDatabase: Database = {
    ...db,
    rows: async <Row>(sql: string, parameters?: unknown[]) => {
      const rows = await db.rows<Row>(sql, parameters);
      reads.push(rows.length);
      return rows;
    },
  };
  const carts = ['bob', 'eve'].map((clientID) => createMessage(getCartQuery, { clientID }, origin));
  const orders = orderIDs.map((orderID) => createMessage(getOrderQuery, { orderID }, origin));
  const queries: CartQuery[] = [carts[0]!, ...orders, carts[1]!];
  const replies = await answerQueries(countingDatabase, queries);
  const answers = replies.map((reply) =>
    'cart' in reply
      ? [reply.cart.clientID, reply.cart.items.length]
      : 'order' in reply && [reply.order?.orderID, reply.order?.items.length],
  );
  expect(answers).toEqual(['bob', ...orderIDs, 'eve'].map((id) => [id, LINES]));
  expect(reads.reduce((sum, rowCount) => sum + rowCount)).toBeGreaterThan(9 * LINES);
  expect(Math.max(...reads)).toBeLessThanOrEqual(5_000);
});

test('a page of orders has at most 5,000 lines, and the next page continues after it', async () => {
  const pageAfter = async (after?: string) => {
    const query = createMessage(listOrdersQuery, { clientID: 'ann', limit: 10, ...(after ? { after } : {}) }, origin);
    const [reply] = await answerQueries(db, [query]);
    if (!reply || !('orders' in reply)) throw new Error('no orders were listed');
    return reply.orders;
  };
  const first = await pageAfter();
  const second = await pageAfter(first.next!);
  expect([first.items.length, second.items.length, second.next]).toEqual([5, 2, null]);
  expect([...first.items, ...second.items].map(({ orderID }) => orderID)).toEqual([...orderIDs].reverse());
});
