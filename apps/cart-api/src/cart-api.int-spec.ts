import {
  cartJobsQueue,
  cartQueriesQueue,
  CART_JOBS,
  CART_QUERIES,
  createMessage,
  ORDER_CANCELLED,
  orderCompletedEvent,
  orderFailedEvent,
  ordersExchange,
  type CartJob,
  type CartQuery,
  type CartQueryReply,
  type CartReply,
  type OrderState,
} from '@souk/contracts';
import type { InventoryClient } from '@souk/grpc';
import {
  consumeBatches,
  createBroker,
  createPublisher,
  DONE,
  outgoing,
  serveQueries,
  type Broker,
} from '@souk/messaging';
import { AppError, createLogger, createMetrics } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { buildApp, type CartApi } from './app';
import { configSchema } from './config';

const logger = createLogger('test', 'silent');

/** What the cart worker would answer, decided by each test; the broker between is a real one. */
const worker = {
  jobs: [] as CartJob[],
  orders: new Map<string, OrderState>(),
  onJob: (_job: CartJob): CartReply | undefined => ({ outcome: 'done', replayed: false }),
  onQuery: (query: CartQuery): CartQueryReply => {
    if (query.type === 'get-order') return { order: worker.orders.get(query.data.orderID) ?? null };
    if (query.type === 'get-cart')
      return { cart: { clientID: query.data.clientID, items: [{ productID: 'p', quantity: 2 }] } };
    return { orders: { items: [], next: null } };
  },
};
const usual = { onJob: worker.onJob, onQuery: worker.onQuery };

const product = {
  productId: 'p',
  productName: 'Lantern',
  onHand: 5,
  reserved: 2,
  available: 3,
  unitPrice: '12.50',
  currency: 'USD',
};

const inventory = {
  listProducts: ({ productIds = [] }: { productIds?: string[] }) =>
    Promise.resolve({
      products: productIds.includes('unknown') ? [] : [product],
      next: productIds.length > 0 ? '' : 'p',
    }),
  upsertProduct: ({ quantity }: { quantity?: number }) =>
    Number(quantity) < 2
      ? Promise.reject(new AppError('rejected', 'STOCK_RESERVED', '2 are reserved', { details: { reserved: 2 } }))
      : Promise.resolve({ product: { ...product, onHand: Number(quantity), available: Number(quantity) - 2 } }),
  ping: () => Promise.resolve(),
  close: () => undefined,
} as unknown as InventoryClient;

let testBroker: TestBroker;
let broker: Broker;
let publish: (order: OrderState) => Promise<void>;
let api: CartApi;

async function startApi(settings: Record<string, string> = {}) {
  const config = configSchema.parse({ RABBITMQ_URL: testBroker.url, INVENTORY_ADDRESS: 'unused:1', ...settings });
  const started = buildApp({ ...config, PORT: 0 }, { logger, metrics: createMetrics('test') }, { inventory });
  await started.start();
  await eventually(async () => expect((await get('/readyz', started)).status).toBe(200));
  return started;
}

const get = (path: string, at = api, headers = {}) => fetch(`http://127.0.0.1:${at.port()}${path}`, { headers });

const post = (path: string, body: unknown, headers: Record<string, string> = {}, at = api) =>
  fetch(`http://127.0.0.1:${at.port()}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const orderOf = (orderID: string, more: Partial<OrderState> = {}): OrderState => ({
  orderID,
  clientID: 'c',
  status: 'processing',
  error: '',
  code: '',
  items: [{ productID: 'p', quantity: 2, unitPrice: '12.50' }],
  total: '25.00',
  currency: 'USD',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
  ...more,
});

const declined: Partial<OrderState> = { status: 'failed', code: 'PAYMENT_DECLINED', error: 'The payment was declined' };

beforeAll(async () => {
  testBroker = await createTestBroker('cartapi');
  broker = createBroker({ url: testBroker.url, name: 'stub-worker', logger });
  const publisher = createPublisher(broker, logger, [cartJobsQueue, cartQueriesQueue, ordersExchange]);
  publish = (order) => {
    const declaration = order.status === 'completed' ? orderCompletedEvent : orderFailedEvent;
    const origin = { actor: 'c', correlationId: 'c', causationId: order.orderID };
    return publisher.publish([outgoing(ordersExchange, createMessage(declaration, order, origin))]);
  };
  consumeBatches(broker, {
    queue: cartJobsQueue,
    messages: CART_JOBS,
    publisher,
    logger,
    batchMax: 16,
    handle: (batch) => {
      for (const { message, replyAddress } of batch) {
        worker.jobs.push(message);
        const reply = worker.onJob(message);
        if (reply) publisher.reply(replyAddress!, reply);
      }
      return Promise.resolve(batch.map(() => DONE));
    },
  });
  serveQueries(
    broker,
    { ...cartQueriesQueue, messages: CART_QUERIES },
    {
      logger,
      publisher,
      batchMax: 16,
      answer: (queries) => Promise.resolve(queries.map((query) => worker.onQuery(query))),
      answerFailure: { unavailable: true },
    },
  );
  broker.start();
  await eventually(() => broker.ping());
  api = await startApi();
});

beforeEach(() => {
  Object.assign(worker, usual);
  worker.jobs = [];
  worker.orders.clear();
});

afterAll(async () => {
  await api.stop();
  await broker.stop();
  await testBroker.drop();
});

describe('a change of a cart', () => {
  const add = { clientID: 'c', productID: 'p', quantity: 2 };

  test('is a job that says who asks, for what, and until when', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const before = Date.now();
    const response = await post('/addToCart', { ...add, unknown: 1 }, { 'x-correlation-id': 'r-1', traceparent });
    expect([response.status, await response.json()]).toEqual([200, { status: 'success', error: '' }]);
    const [job] = worker.jobs;
    expect(job).toMatchObject({
      type: 'add-to-cart',
      actor: 'c',
      correlationId: 'r-1',
      causationId: 'r-1',
      traceparent,
    });
    const { notAfter, ...data } = job!.data;
    expect(data).toEqual(add);
    expect(notAfter - before).toBeGreaterThanOrEqual(35_000);
    expect(notAfter - before).toBeLessThan(45_000);
  });

  test('with a key is the same job each time, and a replay is marked', async () => {
    worker.onJob = () => ({ outcome: 'done', replayed: worker.jobs.length > 1 });
    const first = await post('/addToCart', add, { 'idempotency-key': 'k' });
    const second = await post(
      '/addToCart',
      { quantity: 2, productID: 'p', clientID: 'c' },
      { 'idempotency-key': '"k"' },
    );
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(worker.jobs[1]!.id).toBe(worker.jobs[0]!.id);
    expect(worker.jobs[1]!.data.fingerprint).toBe(worker.jobs[0]!.data.fingerprint);
    await post('/addToCart', { ...add, quantity: 3 }, { 'idempotency-key': 'k' });
    expect(worker.jobs[2]!.id).toBe(worker.jobs[0]!.id);
    expect(worker.jobs[2]!.data.fingerprint).not.toBe(worker.jobs[0]!.data.fingerprint);
  });

  test('may set an item and remove one', async () => {
    const path = `http://127.0.0.1:${api.port()}/cart/c/items/a%2Fb`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(path, { method: 'PUT', body: '{"quantity":3}', headers })).status).toBe(200);
    expect((await fetch(path, { method: 'DELETE' })).status).toBe(200);
    expect(worker.jobs).toMatchObject([
      { type: 'set-cart-item', data: { clientID: 'c', productID: 'a/b', quantity: 3 } },
      { type: 'remove-cart-item', data: { clientID: 'c', productID: 'a/b' } },
    ]);
  });

  test('that nobody answers in time is 504: it may still happen', async () => {
    const impatient = await startApi({ ANSWER_TIMEOUT_MS: '150' });
    worker.onJob = () => undefined;
    const response = await post('/addToCart', add, {}, impatient);
    expect([response.status, await response.json()]).toMatchObject([504, { status: 'failed', code: 'TIMEOUT' }]);
    await impatient.stop();
  });
});

describe('a check-out', () => {
  const accept = (job: CartJob): CartReply => {
    const order = orderOf(job.id);
    worker.orders.set(job.id, order);
    return { outcome: 'accepted', replayed: false, order };
  };

  test('is answered with the end of its order', async () => {
    worker.onJob = (job) => {
      void publish(orderOf(job.id, { status: 'completed' }));
      return accept(job);
    };
    const response = await post('/checkOutCart', { clientID: 'c' });
    const orderID = worker.jobs[0]!.id;
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'success', error: '', orderID, total: '25.00', currency: 'USD' },
    ]);
  });

  test('whose payment is declined is 402 with the order', async () => {
    worker.onJob = (job) => {
      void publish(orderOf(job.id, declined));
      return accept(job);
    };
    const response = await post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=60' });
    expect(response.headers.get('preference-applied')).toBe('wait=60');
    expect([response.status, await response.json()]).toEqual([
      402,
      { status: 'failed', error: declined.error, code: 'PAYMENT_DECLINED', orderID: worker.jobs[0]!.id },
    ]);
  });

  test('that is not waited for is 202, with where to look', async () => {
    worker.onJob = accept;
    const response = await post('/checkOutCart', { clientID: 'c' }, { prefer: 'respond-async' });
    const orderID = worker.jobs[0]!.id;
    expect([response.status, await response.json()]).toEqual([202, { status: 'processing', error: '', orderID }]);
    expect(response.headers.get('location')).toBe(`/orders/${orderID}`);
    expect(response.headers.get('preference-applied')).toBe('respond-async');
    expect((await get(response.headers.get('location')!)).status).toBe(200);
  });

  test('that is repeated joins its order, marked as a replay', async () => {
    worker.onJob = (job) => ({ ...accept(job), replayed: worker.jobs.length > 1 }) as CartReply;
    const key = { 'idempotency-key': 'join' };
    const both = [post('/checkOutCart', { clientID: 'c' }, key), post('/checkOutCart', { clientID: 'c' }, key)];
    await eventually(() => expect(worker.jobs).toHaveLength(2));
    await publish(orderOf(worker.jobs[0]!.id, { status: 'completed' }));
    const answers = await Promise.all(both);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([
      { total: '25.00' },
      { total: '25.00' },
    ]);
    expect(answers.map((answer) => answer.headers.get('idempotency-replayed')).sort()).toEqual(['true', null].sort());
  });

  test('hears of its order also when the line to the broker broke while it waited', async () => {
    worker.onJob = accept;
    const response = post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=30' });
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    const orderID = worker.jobs[0]!.id;
    await eventually(async () => expect(await (await get('/metrics')).text()).toMatch(/requests_in_flight\{[^}]*\} 1/));
    // The reply has to be there before the line breaks, or the outcome would be unknown: this question went out after it.
    await get(`/orders/${orderID}`);
    worker.orders.set(orderID, orderOf(orderID, { status: 'completed' })); // and nothing is published
    testBroker.cutConnections();
    expect((await response).status).toBe(200);
  });

  test('is answered when the service stops: the order goes on', async () => {
    worker.onJob = accept;
    const stopping = await startApi();
    const response = post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=60' }, stopping);
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    await get(`/orders/${worker.jobs[0]!.id}`, stopping);
    await stopping.stop();
    expect((await response).status).toBe(202);
  });
});

describe('a cancellation', () => {
  const cancel = (orderID: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`http://127.0.0.1:${api.port()}/orders/${orderID}/cancel`, { method: 'POST', headers, body: body ?? null });
  const cancelled: Partial<OrderState> = { status: 'failed', code: 'CANCELLED', error: ORDER_CANCELLED };
  const reply = (order: OrderState, replayed = false): CartReply => ({ outcome: 'accepted', replayed, order });

  test('is answered with the order once it has settled, also for whoever waits for its check-out', async () => {
    worker.onJob = (job) => reply(orderOf(job.type === 'cancel-order' ? job.data.orderID : job.id));
    const checkOut = post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=30' });
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    const orderID = worker.jobs[0]!.id;
    const answer = cancel(orderID, { prefer: 'wait=30' });
    await eventually(() => expect(worker.jobs).toHaveLength(2));
    expect(worker.jobs[1]).toMatchObject({ type: 'cancel-order', data: { orderID }, actor: 'anonymous' });
    await publish(orderOf(orderID, cancelled));
    expect((await answer).headers.get('preference-applied')).toBe('wait=30');
    expect([(await answer).status, await (await answer).json()]).toEqual([200, orderOf(orderID, cancelled)]);
    expect([(await checkOut).status, await (await checkOut).json()]).toEqual([
      409,
      { status: 'failed', error: ORDER_CANCELLED, code: 'CANCELLED', orderID },
    ]);
  });

  test('that is not waited for is 202, with where to look', async () => {
    worker.onJob = () => reply(orderOf('o'));
    const answer = await cancel('o', { prefer: 'respond-async' });
    expect([answer.status, answer.headers.get('location'), await answer.json()]).toEqual([
      202,
      '/orders/o',
      { status: 'processing', error: '', orderID: 'o' },
    ]);
  });

  test.each([
    ['completed', { status: 'completed' }],
    ['failed', declined],
  ] as const)('of an order that has %s is 409', async (status, end) => {
    worker.onJob = () => reply(orderOf('o', end));
    const answer = await cancel('o');
    expect([answer.status, await answer.json()]).toEqual([
      409,
      {
        status: 'failed',
        error: `The order has ${status}; it can no longer be cancelled`,
        code: 'ORDER_ENDED',
        orderID: 'o',
      },
    ]);
  });

  test('of an order that completes before it could be cancelled is 409', async () => {
    worker.onJob = () => {
      void publish(orderOf('o', { status: 'completed' }));
      return reply(orderOf('o'));
    };
    expect(await (await cancel('o', { prefer: 'wait=30' })).json()).toMatchObject({ code: 'ORDER_ENDED' });
  });

  test('of an unknown order is 404', async () => {
    const message = 'There is no such order';
    worker.onJob = () => ({ outcome: 'refused', replayed: false, code: 'ORDER_NOT_FOUND', message });
    const answer = await cancel('o');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { status: 'failed', error: message, code: 'ORDER_NOT_FOUND' },
    ]);
  });

  test('takes no body, an empty one or {}; with a key it is the same job each time, another for another order', async () => {
    worker.onJob = (job) =>
      reply(
        orderOf('o', cancelled),
        worker.jobs.some(({ id }, n) => n < worker.jobs.length - 1 && id === job.id),
      );
    const key = { 'idempotency-key': 'k' };
    const json = { ...key, 'content-type': 'application/json' };
    const answers = [
      await cancel('o', key),
      await cancel('o', key, ''),
      await cancel('o', json, '{}'),
      await cancel('p', key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true', 'true', null]);
    const ids = worker.jobs.map(({ id }) => id);
    expect([ids[1], ids[2], ids[3] === ids[0]]).toEqual([ids[0], ids[0], false]);
    const fingerprints = worker.jobs.map(({ data }) => data.fingerprint);
    expect(new Set(fingerprints.slice(0, 3)).size).toBe(1);
  });
});

describe('the events of an order', () => {
  const status = (order: OrderState) => `event: status\ndata: ${JSON.stringify(order)}\n\n`;

  test('are how it is now and how it ends, without what only failures tell inside', async () => {
    worker.orders.set('o-1', orderOf('o-1'));
    const response = await get('/orders/o-1/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const short = { ...orderOf('o-1'), status: 'failed', code: 'INSUFFICIENT_STOCK', error: 'Short' } as const;
    await publish({ ...short, shortages: [{ productID: 'p', requested: 2, available: 1 }] });
    expect(await response.text()).toBe(status(orderOf('o-1')) + status(short));
  });

  test('of a settled order are one', async () => {
    worker.orders.set('o-2', orderOf('o-2', { status: 'completed' }));
    expect(await (await get('/orders/o-2/events')).text()).toBe(status(orderOf('o-2', { status: 'completed' })));
  });

  test('of an unknown order are 404 before any stream begins', async () => {
    const response = await get('/orders/o-3/events');
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { status: 'failed', code: 'ORDER_NOT_FOUND' },
    ]);
  });

  test('come also when the line to the broker broke between', async () => {
    worker.orders.set('o-4', orderOf('o-4'));
    const response = await get('/orders/o-4/events');
    worker.orders.set('o-4', orderOf('o-4', { status: 'completed' }));
    testBroker.cutConnections();
    expect(await response.text()).toBe(status(orderOf('o-4')) + status(orderOf('o-4', { status: 'completed' })));
  });

  test('that nobody reads any more are let go', async () => {
    worker.orders.set('o-5', orderOf('o-5'));
    const leaving = new AbortController();
    await fetch(`http://127.0.0.1:${api.port()}/orders/o-5/events`, { signal: leaving.signal });
    const metrics = async () => (await get('/metrics')).text();
    expect(await metrics()).toMatch(/souk_http_event_streams\{[^}]*\} 1/);
    leaving.abort();
    await eventually(async () => expect(await metrics()).toMatch(/souk_http_event_streams\{[^}]*\} 0/));
  });
});

describe('a question', () => {
  test('about a cart, an order and orders is answered with what is declared and no more', async () => {
    worker.orders.set('o-6', orderOf('o-6', { ...declined, shortages: [] }));
    expect(await (await get('/cart/c')).json()).toEqual({ clientID: 'c', items: [{ productID: 'p', quantity: 2 }] });
    expect(await (await get('/orders/o-6')).json()).toEqual(orderOf('o-6', declined));
    expect(await (await get('/orders?clientID=c')).json()).toEqual({ items: [], next: null });
    expect(await (await get('/orders/nope')).json()).toMatchObject({ code: 'ORDER_NOT_FOUND' });
  });

  test('with a cursor that is none is 400', async () => {
    worker.onQuery = () => ({ badCursor: true });
    const response = await get('/orders?clientID=c&after=x');
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'INVALID_REQUEST', fields: [{ field: 'after' }] },
    ]);
  });

  test('that the database can not answer is 503', async () => {
    worker.onQuery = () => ({ unavailable: true });
    const response = await get('/cart/c');
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'UNAVAILABLE' }]);
  });

  test('about products shows what can still be bought', async () => {
    const shown = { productID: 'p', productName: 'Lantern', quantity: 3, unitPrice: '12.50', currency: 'USD' };
    expect(await (await get('/products/p')).json()).toEqual(shown);
    expect(await (await get('/products')).json()).toEqual({ items: [shown], next: 'p' });
    expect(await (await get('/products/unknown')).json()).toMatchObject({
      status: 'failed',
      code: 'PRODUCT_NOT_FOUND',
    });
  });
});

test('an admin sets the stock on hand, and not below what is reserved', async () => {
  const put = (quantity: number) =>
    fetch(`http://127.0.0.1:${api.port()}/products/p`, {
      method: 'PUT',
      body: JSON.stringify({ productName: 'Lantern', quantity, unitPrice: '12.5' }),
      headers: { 'content-type': 'application/json' },
    });
  expect(await (await put(9)).json()).toMatchObject({ productID: 'p', quantity: 7, onHand: 9, reserved: 2 });
  const refused = await put(1);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'STOCK_RESERVED', reserved: 2 }]);
});
