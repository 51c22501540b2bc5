import {
  addToCartJob,
  cancelOrderJob,
  checkOutJob,
  createMessage,
  removeCartItemJob,
  setCartItemJob,
  checkoutCompletedEvent,
  checkoutFailedEvent,
  checkoutJobsQueue,
  findOrdersQuery,
  getOrderQuery,
  ORDER_CANCELLED,
  runCheckoutJob,
  type CartJob,
  type OrderState,
} from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import type { OutboxEntry } from '@souk/messaging';
import { unavailable } from '@souk/service';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { answerQueries } from './answer-queries';
import { applyCartJobs, type ApplyCartJobsDeps } from './apply-cart-jobs';
import type { Inventory } from './inventory';
import { migrations } from './migrations';
import { recheckOrders } from './orders/recheck-orders';
import { settleOrders } from './orders/settle-orders';

let schema: TestDatabase;
/** The connection pools of two workers on the same CartDB. */
let databases: [Database, Database];
const nudgedEntries: unknown[] = [];

const HOUR_MS = 3_600_000;
const POOL = { poolSize: 8, acquireTimeoutMs: 2_000, statementTimeoutMs: 10_000 };
const stock = new Map([
  ['lamp', { available: 1_000_000, unitPrice: 1250n, currency: 'USD' }],
  ['rug', { available: 5, unitPrice: 9999n, currency: 'USD' }],
]);
const inventory: Inventory = {
  checkItems: () => Promise.resolve(stock),
  ping: () => Promise.resolve(),
  close: () => undefined,
};

const depsOf = (db: Database, changes: Partial<ApplyCartJobsDeps> = {}): ApplyCartJobsDeps => ({
  db,
  inventory,
  outbox: { nudge: (entries) => nudgedEntries.push(...entries) },
  recheckSeconds: 60,
  linesMax: 1_000,
  answerKeptMs: 24 * HOUR_MS,
  ...changes,
});

const settleDepsOf = (deps: ApplyCartJobsDeps) => ({
  ...deps,
  onContradiction: () => undefined,
  onOrphan: () => undefined,
});

const origin = (clientID: string, id: string = randomUUID()) => ({
  id,
  actor: clientID,
  correlationId: 'c',
  causationId: 'c',
});
const terms = (fingerprint?: string) => ({ notAfter: Date.now() + HOUR_MS, ...(fingerprint ? { fingerprint } : {}) });

const add = (clientID: string, productID: string, quantity: number, id?: string, fingerprint?: string): CartJob =>
  createMessage(addToCartJob, { clientID, productID, quantity, ...terms(fingerprint) }, origin(clientID, id));
const checkOut = (clientID: string, id?: string, fingerprint?: string, expectedTotal?: string): CartJob =>
  createMessage(
    checkOutJob,
    { clientID, ...(expectedTotal === undefined ? {} : { expectedTotal }), ...terms(fingerprint) },
    origin(clientID, id),
  );

const set = (clientID: string, productID: string, quantity: number): CartJob =>
  createMessage(setCartItemJob, { clientID, productID, quantity, ...terms() }, origin(clientID));
const remove = (clientID: string, productID: string): CartJob =>
  createMessage(removeCartItemJob, { clientID, productID, ...terms() }, origin(clientID));

async function cartOf(clientID: string): Promise<Record<string, number>> {
  const rows = await schema.rows<{ product_id: string; quantity: number }>(
    'SELECT product_id, quantity FROM client_cart WHERE client_id = ?',
    [clientID],
  );
  return Object.fromEntries(rows.map((row) => [row.product_id, Number(row.quantity)]));
}

async function orderedBy(clientID: string): Promise<number> {
  const [row] = await schema.rows<{ pieces: string | null }>(
    'SELECT SUM(i.quantity) AS pieces FROM order_item i JOIN orders o USING (order_id) WHERE o.client_id = ?',
    [clientID],
  );
  return Number(row?.pieces ?? 0);
}

beforeAll(async () => {
  schema = await createTestDatabase('cart');
  await migrate(schema.url, migrations);
  databases = [createDatabase({ url: schema.url, ...POOL }), createDatabase({ url: schema.url, ...POOL })];
});

afterAll(async () => {
  for (const db of databases) await db.close();
  await schema.drop();
});

test('two processes that migrate an empty schema at once both succeed', async () => {
  const empty = await createTestDatabase('migrate');
  await Promise.all([migrate(empty.url, migrations), migrate(empty.url, migrations)]);
  expect(await empty.rows('SELECT name FROM schema_migrations')).toHaveLength(migrations.length);
  await empty.drop();
});

test('adds are summed, sets replace the quantity, and a missing line can be removed', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  const set = createMessage(
    setCartItemJob,
    { clientID: client, productID: 'rug', quantity: 4, ...terms() },
    origin(client),
  );
  const remove = (productID: string) =>
    createMessage(removeCartItemJob, { clientID: client, productID, ...terms() }, origin(client));
  await applyCartJobs(deps, [add(client, 'lamp', 2), add(client, 'lamp', 3), set]);
  expect(await cartOf(client)).toEqual({ lamp: 5, rug: 4 });
  const replies = await applyCartJobs(deps, [remove('lamp'), remove('nothing')]);
  expect(replies.map((reply) => reply.outcome)).toEqual(['done', 'done']);
  expect(await cartOf(client)).toEqual({ rug: 4 });
});

test('ids are compared byte for byte', async () => {
  const deps = depsOf(databases[0]);
  const client = randomUUID();
  await applyCartJobs(deps, [
    add(`${client}-A`, 'lamp', 1),
    add(`${client}-a`, 'lamp', 2),
    add(`${client}-á`, 'lamp', 3),
  ]);
  expect([await cartOf(`${client}-A`), await cartOf(`${client}-a`), await cartOf(`${client}-á`)]).toEqual([
    { lamp: 1 },
    { lamp: 2 },
    { lamp: 3 },
  ]);
});

test('sixteen concurrent deliveries of one job to two workers have one effect, and all but one are replays', async () => {
  const client = randomUUID();
  const job = add(client, 'lamp', 7, randomUUID(), 'same');
  const replies = (
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => applyCartJobs(depsOf(databases[index % 2 ? 1 : 0]), [job])),
    )
  ).flat();
  expect(await cartOf(client)).toEqual({ lamp: 7 });
  expect(replies.filter((reply) => reply.outcome === 'done' && !reply.replayed)).toHaveLength(1);
  expect(replies.filter((reply) => reply.outcome === 'done' && reply.replayed)).toHaveLength(15);
});

test('a batch that contains a job twice applies it once', async () => {
  const client = randomUUID();
  const job = add(client, 'lamp', 7, randomUUID(), 'same');
  const replies = await applyCartJobs(depsOf(databases[0]), [job, { ...job }]);
  expect(await cartOf(client)).toEqual({ lamp: 7 });
  expect(replies).toEqual([
    { outcome: 'done', replayed: false },
    { outcome: 'done', replayed: true },
  ]);
});

test('a refusal is replayed even if the job would succeed now', async () => {
  const client = randomUUID();
  const job = add(client, 'rug', 6, randomUUID(), 'same');
  const [first] = await applyCartJobs(depsOf(databases[0]), [job]);
  stock.set('rug', { ...stock.get('rug')!, available: 50 });
  const [second] = await applyCartJobs(depsOf(databases[0]), [job]);
  stock.set('rug', { ...stock.get('rug')!, available: 5 });
  expect(first).toMatchObject({ outcome: 'refused', code: 'INSUFFICIENT_STOCK', available: 5, replayed: false });
  expect(second).toEqual({ ...first, replayed: true });
  expect(await cartOf(client)).toEqual({});
});

test('the same key with another body is a mismatch, in the same batch and later', async () => {
  const client = randomUUID();
  const id = randomUUID();
  const replies = await applyCartJobs(depsOf(databases[0]), [
    add(client, 'lamp', 1, id, 'one'),
    add(client, 'lamp', 2, id, 'two'),
  ]);
  const [later] = await applyCartJobs(depsOf(databases[1]), [add(client, 'lamp', 3, id, 'three')]);
  expect([...replies, later].map((reply) => reply?.outcome)).toEqual(['done', 'mismatch', 'mismatch']);
  expect(await cartOf(client)).toEqual({ lamp: 1 });
});

test('a key whose answer is no longer kept is refused, and its job is not applied again', async () => {
  const client = randomUUID();
  const job = add(client, 'lamp', 1, randomUUID(), 'same');
  await applyCartJobs(depsOf(databases[0]), [job]);
  const [reply] = await applyCartJobs(depsOf(databases[0], { answerKeptMs: -1 }), [job]);
  expect(reply).toEqual({ outcome: 'expired' });
  expect(await cartOf(client)).toEqual({ lamp: 1 });
});

test('a checkout key that the inbox has forgotten is refused with its order and creates no second order', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  const job = checkOut(client, randomUUID(), 'same');
  await applyCartJobs(deps, [add(client, 'lamp', 2)]);
  await applyCartJobs(deps, [job]);
  await schema.rows('DELETE FROM inbox WHERE message_id = ?', [job.id]);
  await applyCartJobs(deps, [add(client, 'lamp', 5)]);
  expect(await applyCartJobs(deps, [job])).toEqual([{ outcome: 'expired', orderID: job.id }]);
  expect(await cartOf(client)).toEqual({ lamp: 5 });
});

test("a checkout turns the whole cart into one order and sends its job in the same transaction; a replay returns the order's current state", async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2), add(client, 'rug', 1)]);
  const job = checkOut(client, randomUUID(), 'same');
  nudgedEntries.length = 0;
  const [reply] = await applyCartJobs(deps, [job]);
  expect(reply).toMatchObject({
    outcome: 'accepted',
    replayed: false,
    order: { orderID: job.id, total: '124.99', status: 'processing' },
  });
  expect(nudgedEntries).toMatchObject([{ messages: [{ properties: { type: runCheckoutJob.type } }] }]);
  expect(await checkoutJobsOf(job.id)).toEqual([runCheckoutJob.type]);
  expect(await cartOf(client)).toEqual({});

  await settleOrders(settleDepsOf(deps), [createMessage(checkoutCompletedEvent, { orderID: job.id }, origin(client))]);
  const [again] = await applyCartJobs(deps, [job]);
  expect(again).toMatchObject({ outcome: 'accepted', replayed: true, order: { orderID: job.id, status: 'completed' } });
  expect(await orderedBy(client)).toBe(3);
});

test('a checkout in a batch sees the sets and removals of the same batch', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2), add(client, 'rug', 1)]);
  const [order] = (await applyCartJobs(deps, [checkOut(client), set(client, 'lamp', 7), remove(client, 'rug')])).slice(
    0,
    1,
  );
  expect(order).toMatchObject({ outcome: 'accepted', order: { items: [{ productID: 'lamp', quantity: 7 }] } });
  expect(await cartOf(client)).toEqual({});
});

test('a repeated batch is answered while the inventory is down', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  const jobs = [add(client, 'lamp', 2), checkOut(client)];
  await applyCartJobs(deps, jobs);
  const checkItems = () => Promise.reject(unavailable('the inventory'));
  const replies = await applyCartJobs({ ...deps, inventory: { ...inventory, checkItems } }, jobs);
  expect(replies).toMatchObject([
    { outcome: 'done', replayed: true },
    { outcome: 'accepted', replayed: true },
  ]);
});

test('of two checkouts in a batch, the second finds the cart empty and is refused', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2)]);
  const replies = await applyCartJobs(deps, [checkOut(client), checkOut(client)]);
  expect(replies.map((reply) => (reply.outcome === 'refused' ? reply.code : reply.outcome))).toEqual([
    'accepted',
    'CART_EMPTY',
  ]);
  expect(await orderedBy(client)).toBe(2);
});

test('adds that race checkouts of the same cart on two workers are neither lost nor doubled', async () => {
  const client = randomUUID();
  let addedCount = 0;
  for (let round = 0; round < 60; round++) {
    const work = Array.from({ length: 10 }, (_, index) => {
      const deps = depsOf(databases[index % 2 ? 1 : 0]);
      return index % 5 === 4
        ? applyCartJobs(deps, [checkOut(client)])
        : applyCartJobs(deps, [add(client, 'lamp', 1), ...(index === 2 ? [checkOut(client)] : [])]);
    });
    addedCount += (await Promise.all(work)).flat().filter((reply) => reply.outcome === 'done').length;
  }
  const inCart = (await cartOf(client))['lamp'] ?? 0;
  expect(inCart + (await orderedBy(client))).toBe(addedCount);
  expect(addedCount).toBe(480);
});

test('a failed order returns its items once, merged with later adds; a repeated result changes nothing', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2), add(client, 'rug', 1)]);
  const job = checkOut(client);
  await applyCartJobs(deps, [job]);
  await applyCartJobs(deps, [add(client, 'lamp', 10)]);

  const shortages = [{ productID: 'rug', requested: 1, available: 0 }];
  const failed = createMessage(
    checkoutFailedEvent,
    { orderID: job.id, code: 'INSUFFICIENT_STOCK', error: 'short', shortages },
    origin(client),
  );
  const contradictions: unknown[] = [];
  const settle = (results: Parameters<typeof settleOrders>[1]) =>
    settleOrders({ ...settleDepsOf(deps), onContradiction: (result) => contradictions.push(result) }, results);
  expect(await settle([failed, failed])).toEqual([true, true]);
  await settle([failed]);
  expect(await cartOf(client)).toEqual({ lamp: 12, rug: 1 });

  const [answer] = await answerQueries(databases[0], [
    { type: 'get-order', data: { orderID: job.id } } as Parameters<typeof answerQueries>[1][number],
  ]);
  expect(answer).toMatchObject({ order: { status: 'failed', code: 'INSUFFICIENT_STOCK', error: 'short', shortages } });

  expect(contradictions).toEqual([]);
  await settle([createMessage(checkoutCompletedEvent, { orderID: job.id }, origin(client))]);
  expect(contradictions).toHaveLength(1);
});

const completed = (orderID: string) => createMessage(checkoutCompletedEvent, { orderID }, origin('c'));
const failed = (orderID: string) =>
  createMessage(checkoutFailedEvent, { orderID, code: 'PAYMENT_DECLINED', error: 'declined' }, origin('c'));

test('a declined order keeps its reason, which a repeated checkout gets but a list of orders omits', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2)]);
  const job = checkOut(client);
  await applyCartJobs(deps, [job]);
  const data = { orderID: job.id, code: 'PAYMENT_DECLINED', error: 'declined', reason: 'NO_WALLET' } as const;
  await settleOrders(settleDepsOf(deps), [createMessage(checkoutFailedEvent, data, origin(client))]);
  const declined = { status: 'failed', code: 'PAYMENT_DECLINED', reason: 'NO_WALLET' };
  expect(await applyCartJobs(deps, [job])).toEqual([
    expect.objectContaining({ replayed: true, order: expect.objectContaining(declined) as object }),
  ]);
  const published = await schema.rows<{ content: string }>(
    "SELECT content FROM outbox WHERE routing_key = 'order.failed' AND content LIKE ?",
    [`%${job.id}%`],
  );
  const events = published.flatMap(parseContents).map(({ data }) => data);
  expect(events.filter(({ orderID }) => orderID === job.id)).toMatchObject([declined]);
  const [list] = await answerQueries(databases[0], [
    { type: 'list-orders', data: { clientID: client, limit: 10 } } as Parameters<typeof answerQueries>[1][number],
  ]);
  expect(JSON.stringify(list)).not.toContain('NO_WALLET');
});

/** Creates a processing order for two lamps. @returns its id */
async function orderOf(client: string): Promise<string> {
  const job = checkOut(client);
  await applyCartJobs(depsOf(databases[0]), [add(client, 'lamp', 2)]);
  await applyCartJobs(depsOf(databases[0]), [job]);
  return job.id;
}

type OrderMessage = { type: string; data: { orderID: string } };

/** The messages in a row of the outbox, which holds one message or an array. */
const parseContents = ({ content }: { content: string }) =>
  [JSON.parse(content) as OrderMessage | OrderMessage[]].flat();

/** The types of an order's checkout jobs in the outbox. */
async function checkoutJobsOf(orderID: string): Promise<string[]> {
  const rows = await schema.rows<{ content: string }>('SELECT content FROM outbox WHERE routing_key = ?', [
    checkoutJobsQueue.name,
  ]);
  return rows.flatMap(parseContents).flatMap(({ data, type }) => (data.orderID === orderID ? [type] : []));
}

describe('a cancellation', () => {
  const cancel = (orderID: string, id?: string, fingerprint?: string): CartJob =>
    createMessage(cancelOrderJob, { orderID, ...terms(fingerprint) }, origin('anonymous', id));
  const find = async (orderID: string) =>
    (await answerQueries(databases[0], [createMessage(findOrdersQuery, { orderIDs: [orderID] }, origin('c'))]))[0];
  const settle = (...results: Parameters<typeof settleOrders>[1]) =>
    settleOrders(settleDepsOf(depsOf(databases[0])), results);
  const read = async (orderID: string) =>
    (
      (await answerQueries(databases[0], [createMessage(getOrderQuery, { orderID }, origin('c'))])) as {
        order: OrderState;
      }[]
    )[0]!.order;

  test('of a processing order runs its checkout once more, and a second cancellation has no further effect', async () => {
    const client = randomUUID();
    const orderID = await orderOf(client);
    nudgedEntries.length = 0;
    const accepted = {
      outcome: 'accepted',
      replayed: false,
      order: expect.objectContaining({ orderID, status: 'processing' }),
    };
    const replies = await applyCartJobs(depsOf(databases[0]), [
      cancel(orderID),
      add(client, 'rug', 1),
      cancel(orderID),
    ]);
    expect(replies).toEqual([accepted, { outcome: 'done', replayed: false }, accepted]);
    expect(await applyCartJobs(depsOf(databases[1]), [cancel(orderID)])).toEqual([accepted]);
    expect([nudgedEntries.length, await checkoutJobsOf(orderID)]).toEqual([1, ['run-checkout', 'run-checkout']]);
    expect(await find(orderID)).toEqual({ existing: [orderID], cancelling: [orderID] });
    expect(await cartOf(client)).toEqual({ rug: 1 });
  });

  test('determines the failure code, whatever else made the order fail, and the items return to the cart', async () => {
    const client = randomUUID();
    const orderID = await orderOf(client);
    await applyCartJobs(depsOf(databases[0]), [cancel(orderID)]);
    nudgedEntries.length = 0;
    const shortages = [{ productID: 'lamp', requested: 2, available: 0 }];
    const failure = { orderID, code: 'INSUFFICIENT_STOCK', error: 'short', shortages } as const;
    await settle(createMessage(checkoutFailedEvent, failure, origin('c')));
    const order = await read(orderID);
    expect(order).toMatchObject({ status: 'failed', code: 'CANCELLED', error: ORDER_CANCELLED });
    expect(order).not.toHaveProperty('shortages');
    expect(await cartOf(client)).toEqual({ lamp: 2 });
    const event = JSON.parse((nudgedEntries as OutboxEntry[])[0]!.messages[0]!.content.toString()) as {
      type: string;
      data: unknown;
    };
    expect([event.type, event.data]).toEqual(['order.failed', order]);
    await recheckOrders({ ...depsOf(databases[0]), recheckSeconds: 60 });
    expect(await checkoutJobsOf(orderID)).toHaveLength(2);
    expect(await applyCartJobs(depsOf(databases[0]), [cancel(orderID)])).toEqual([
      { outcome: 'accepted', replayed: false, order },
    ]);
  });

  test('of a settled order changes nothing, and the reply contains its final state', async () => {
    const [bought, declined] = [await orderOf(randomUUID()), await orderOf(randomUUID())];
    await settle(completed(bought), failed(declined));
    const replies = await applyCartJobs(depsOf(databases[0]), [cancel(bought), cancel(declined)]);
    expect(replies).toMatchObject([
      { outcome: 'accepted', order: { orderID: bought, status: 'completed', code: '' } },
      { outcome: 'accepted', order: { orderID: declined, status: 'failed', code: 'PAYMENT_DECLINED' } },
    ]);
    expect(await checkoutJobsOf(bought)).toEqual(['run-checkout']);
  });

  test('of an order that completes anyway leaves it completed', async () => {
    const client = randomUUID();
    const orderID = await orderOf(client);
    await applyCartJobs(depsOf(databases[0]), [cancel(orderID)]);
    await settle(completed(orderID), failed(orderID));
    expect([await read(orderID), await cartOf(client)]).toEqual([
      expect.objectContaining({ status: 'completed', code: '' }),
      {},
    ]);
  });

  test("with a key is replayed with the order's current state, and refused each time if the order is unknown", async () => {
    const orderID = await orderOf(randomUUID());
    const job = cancel(orderID, randomUUID(), 'same');
    await applyCartJobs(depsOf(databases[0]), [job]);
    await settle(failed(orderID));
    expect(await applyCartJobs(depsOf(databases[1]), [job])).toMatchObject([
      { outcome: 'accepted', replayed: true, order: { orderID, status: 'failed', code: 'CANCELLED' } },
    ]);
    expect(await applyCartJobs(depsOf(databases[1], { answerKeptMs: -1 }), [job])).toEqual([
      { outcome: 'expired', orderID },
    ]);
    const unknown = cancel(randomUUID(), randomUUID(), 'same');
    const refused = { outcome: 'refused', replayed: false, code: 'ORDER_NOT_FOUND', message: 'There is no such order' };
    expect(await applyCartJobs(depsOf(databases[0]), [unknown])).toEqual([refused]);
    expect(await applyCartJobs(depsOf(databases[0]), [unknown])).toEqual([{ ...refused, replayed: true }]);
  });

  test('that races checkout results on two workers succeeds, and every order settles', async () => {
    const client = randomUUID();
    let processingCount = 0;
    for (let round = 0; round < 15; round++) {
      const orderIDs = await Promise.all(Array.from({ length: 4 }, () => orderOf(randomUUID())));
      const clientOrderID = await orderOf(client);
      await Promise.all([
        applyCartJobs(depsOf(databases[0]), [
          ...orderIDs.map((orderID) => cancel(orderID)),
          cancel(clientOrderID),
          add(client, 'rug', 1),
        ]),
        settleOrders(settleDepsOf(depsOf(databases[1])), [
          failed(clientOrderID),
          ...orderIDs.map((orderID, n) => (n % 2 ? completed : failed)(orderID)),
        ]),
      ]);
      for (const orderID of [...orderIDs, clientOrderID])
        processingCount += (await read(orderID)).status === 'processing' ? 1 : 0;
      await schema.rows('DELETE FROM client_cart WHERE client_id = ?', [client]);
    }
    expect(processingCount).toBe(0);
  });
});

describe('results that arrive together', () => {
  const statusOf = async (orderID: string) =>
    (await schema.rows<{ status: string }>('SELECT status FROM orders WHERE order_id = ?', [orderID]))[0]!.status;
  const messagesOf = async (orderID: string) =>
    (await schema.rows<{ content: string }>('SELECT content FROM outbox WHERE content LIKE ?', [`%${orderID}%`]))
      .flatMap(parseContents)
      .filter(({ data }) => data.orderID === orderID)
      .map(({ type }) => type)
      .sort();

  test.each([
    ['completed', [completed, failed], {}],
    ['failed', [failed, completed], { lamp: 2 }],
  ] as const)(
    'and contradict each other: the first one decides, so the order is %s, the cart is as that result requires, and one contradiction is reported',
    async (status, results, cart) => {
      const client = randomUUID();
      const orderID = await orderOf(client);
      const contradictions: unknown[] = [];
      const deps = {
        ...settleDepsOf(depsOf(databases[0])),
        onContradiction: (...contradiction: unknown[]) => contradictions.push(contradiction),
      };
      expect(
        await settleOrders(deps, [...results.map((createResult) => createResult(orderID)), results[0](orderID)]),
      ).toEqual([true, true, true]);
      expect(contradictions).toEqual([
        [expect.objectContaining({ type: results[1](orderID).type }), expect.objectContaining({ orderID, status })],
      ]);
      expect([await statusOf(orderID), await cartOf(client)]).toEqual([status, cart]);
      expect(await messagesOf(orderID)).toEqual([`order.${status}`, 'run-checkout']);
    },
  );

  test('are independent: one order completes, another of the same client fails and returns only its own items, and the result of an unknown order is reported as not handled', async () => {
    const client = randomUUID();
    const [first, second] = [await orderOf(client), await orderOf(client)];
    const results = [failed(randomUUID()), completed(first), failed(second)];
    expect(await settleOrders(settleDepsOf(depsOf(databases[0])), results)).toEqual([false, true, true]);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['completed', 'failed']);
    expect(await cartOf(client)).toEqual({ lamp: 2 });
  });

  test('undo the charge of a missing order, once per result', async () => {
    const orderID = await orderOf(randomUUID());
    const lost = randomUUID();
    const orphans: string[] = [];
    nudgedEntries.length = 0;
    const deps = {
      ...settleDepsOf(depsOf(databases[0])),
      onOrphan: ({ data }: { data: { orderID: string } }) => orphans.push(data.orderID),
    };
    expect(await settleOrders(deps, [completed(lost), completed(orderID)])).toEqual([true, true]);
    expect([orphans, await messagesOf(lost)]).toEqual([[lost], ['undo-checkout']]);
    expect([nudgedEntries.length, await statusOf(orderID)]).toEqual([2, 'completed']);
  });
});

test('each query for existing orders gets its own answer', async () => {
  const client = randomUUID();
  const job = checkOut(client);
  await applyCartJobs(depsOf(databases[0]), [add(client, 'lamp', 1)]);
  await applyCartJobs(depsOf(databases[0]), [job]);
  const find = (...orderIDs: string[]) => createMessage(findOrdersQuery, { orderIDs }, origin(client));
  const answers = await answerQueries(databases[0], [find('nope', job.id), find('nope'), find(job.id)]);
  expect(answers).toEqual([
    { existing: [job.id], cancelling: [] },
    { existing: [], cancelling: [] },
    { existing: [job.id], cancelling: [] },
  ]);
});

test('the job of an order that stays in processing is resent with the same ids at growing intervals until the order settles', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0], { recheckSeconds: 0 });
  const otherClient = randomUUID();
  await applyCartJobs(deps, [add(client, 'lamp', 1), add(otherClient, 'lamp', 1)]);
  const job = checkOut(client);
  await applyCartJobs(deps, [job, checkOut(otherClient)]);
  const orderIDsOfJobs = async () =>
    (await schema.rows<{ content: string }>('SELECT content FROM outbox WHERE content LIKE ?', [`%${job.id}%`]))
      .flatMap(parseContents)
      .flatMap(({ data }) => (data.orderID === job.id ? [job.id] : []));
  expect(await recheckOrders({ ...deps, recheckSeconds: 60 })).toBeGreaterThanOrEqual(2);
  expect(await orderIDsOfJobs()).toEqual([job.id, job.id]);
  const [row] = await schema.rows<{ wait: number }>(
    'SELECT TIMESTAMPDIFF(SECOND, NOW(3), recheck_at) AS wait FROM orders WHERE order_id = ?',
    [job.id],
  );
  expect(Number(row!.wait)).toBeGreaterThan(100);
  await settleOrders(settleDepsOf(deps), [createMessage(checkoutCompletedEvent, { orderID: job.id }, origin(client))]);
  expect(
    await schema.rows('SELECT order_id FROM orders WHERE order_id = ? AND recheck_at IS NOT NULL', [job.id]),
  ).toEqual([]);
});

test("a client's orders are listed newest first, a page at a time, each once", async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  const createdIDs: string[] = [];
  for (let n = 0; n < 5; n++) {
    const job = checkOut(client);
    await applyCartJobs(deps, [add(client, 'lamp', 1)]);
    await applyCartJobs(deps, [job]);
    createdIDs.unshift(job.id);
  }
  const listed: string[] = [];
  for (let after: string | undefined; ;) {
    const query = { type: 'list-orders', data: { clientID: client, after, limit: 2 } } as Parameters<
      typeof answerQueries
    >[1][number];
    const [page] = (await answerQueries(databases[0], [query])) as {
      orders: { items: { orderID: string }[]; next: string | null };
    }[];
    listed.push(...page!.orders.items.map(({ orderID }) => orderID));
    if (page!.orders.next === null) break;
    after = page!.orders.next;
  }
  expect(listed).toEqual(createdIDs);
});

const fillCart = async (clientID: string, lineCount: number, quantity = 1) => {
  for (let start = 0; start < lineCount; start += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, lineCount - start) }, (_, n) => [
      clientID,
      `p${start + n}`,
      quantity,
    ]);
    await databases[0].write('INSERT INTO client_cart (client_id, product_id, quantity) VALUES ?', [rows]);
  }
};

test('workers that fill one cart at once stop at its limit', async () => {
  const client = randomUUID();
  await fillCart(client, 3);
  const products = Array.from({ length: 12 }, (_, n) => `new-${n}`);
  for (const product of products) stock.set(product, { available: 9, unitPrice: 100n, currency: 'USD' });
  const replies = await Promise.all(
    products.map((product, n) =>
      applyCartJobs(depsOf(databases[n % 2 ? 1 : 0], { linesMax: 10 }), [add(client, product, 1)]),
    ),
  );
  expect(replies.flat().filter((reply) => reply.outcome === 'done')).toHaveLength(7);
  expect(Object.keys(await cartOf(client))).toHaveLength(10);
});

test('a cart too large for an order is refused with its size; once reduced, it can be checked out', async () => {
  const client = randomUUID();
  await fillCart(client, 20_001);
  const products = new Map(Array.from({ length: 20_001 }, (_, n) => [`p${n}`, stock.get('lamp')!]));
  const deps = depsOf(databases[0], { inventory: { ...inventory, checkItems: () => Promise.resolve(products) } });
  expect(await applyCartJobs(deps, [checkOut(client)])).toMatchObject([
    { outcome: 'refused', code: 'CART_FULL', message: expect.stringContaining('has 20001 lines') as string },
  ]);
  const removal = createMessage(removeCartItemJob, { clientID: client, productID: 'p7', ...terms() }, origin(client));
  expect(await applyCartJobs(deps, [removal])).toMatchObject([{ outcome: 'done' }]);
  expect(await applyCartJobs(deps, [checkOut(client)])).toMatchObject([{ outcome: 'accepted' }]);
  expect(await orderedBy(client)).toBe(20_000);
});

test('a failed order returns items up to the maximum quantity of a line, and leaves a line above it unchanged', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await fillCart(client, 3, 600_000);
  const products = new Map(['p0', 'p1', 'p2'].map((product) => [product, { ...stock.get('lamp')!, available: 1e9 }]));
  const job = checkOut(client);
  await applyCartJobs({ ...deps, inventory: { ...inventory, checkItems: () => Promise.resolve(products) } }, [job]);
  await databases[0].write('INSERT INTO client_cart VALUES (?, ?, ?), (?, ?, ?)', [
    ...[client, 'p1', 500_000],
    ...[client, 'p2', 12_000_000],
  ]);
  const failed = { orderID: job.id, code: 'PAYMENT_DECLINED', error: 'declined' } as const;
  await settleOrders(settleDepsOf(deps), [createMessage(checkoutFailedEvent, failed, origin(client))]);
  expect(await cartOf(client)).toEqual({ p0: 600_000, p1: 1_000_000, p2: 12_000_000 });
});

test('a checkout that expects a different total creates no order, leaves the cart unchanged, and is refused again when repeated', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2)]);
  const sentBefore = nudgedEntries.length;
  const job = checkOut(client, randomUUID(), 'f', '1.00');
  const refused = { outcome: 'refused', code: 'TOTAL_CHANGED', expectedTotal: '1.00', total: '25.00' };
  expect(await applyCartJobs(deps, [job])).toMatchObject([{ ...refused, replayed: false }]);
  expect(await applyCartJobs(deps, [job])).toMatchObject([{ ...refused, replayed: true }]);
  expect([await cartOf(client), await orderedBy(client), nudgedEntries.length]).toEqual([{ lamp: 2 }, 0, sentBefore]);
  const [accepted] = await applyCartJobs(deps, [checkOut(client, randomUUID(), 'f', '25.0')]);
  expect(accepted).toMatchObject({ outcome: 'accepted', order: { total: '25.00' } });
});

test('a checkout whose expected total is not an amount is invalid and has no effect', async () => {
  const client = randomUUID();
  const deps = depsOf(databases[0]);
  await applyCartJobs(deps, [add(client, 'lamp', 2)]);
  const job = checkOut(client, randomUUID(), 'f', '25,00');
  await expect(applyCartJobs(deps, [job])).rejects.toMatchObject({ kind: 'invalid' });
  expect([await cartOf(client), await orderedBy(client)]).toEqual([{ lamp: 2 }, 0]);
});

test('a failure before the commit publishes nothing', async () => {
  const client = randomUUID();
  const failing: Database = {
    ...databases[0],
    transaction: (work) =>
      databases[0].transaction(async (tx) => {
        await work(tx);
        throw new Error('the commit failed');
      }),
  };
  const deps = depsOf(databases[0], { recheckSeconds: 0 });
  const job = checkOut(client);
  await applyCartJobs(deps, [add(client, 'lamp', 1)]);
  nudgedEntries.length = 0;
  await expect(applyCartJobs({ ...deps, db: failing }, [job])).rejects.toThrow('the commit failed');
  expect(nudgedEntries).toEqual([]);

  await applyCartJobs(deps, [job]);
  nudgedEntries.length = 0;
  await expect(recheckOrders({ ...deps, db: failing })).rejects.toThrow('the commit failed');
  const failed = { orderID: job.id, code: 'PAYMENT_DECLINED', error: 'declined' } as const;
  const settleDeps = { ...deps, db: failing, onContradiction: () => undefined, onOrphan: () => undefined };
  const results = [createMessage(checkoutFailedEvent, failed, origin(client))];
  await expect(settleOrders(settleDeps, results)).rejects.toThrow('the commit failed');
  expect(nudgedEntries).toEqual([]);
});
