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
import type { InventoryClient, ProductPut, StockChange, StockChangeResult } from '@souk/grpc';
import {
  consumeBatches,
  createBroker,
  createPublisher,
  DONE,
  outgoing,
  serveQueries,
  type Broker,
} from '@souk/messaging';
import { createLogger, createMetrics, unavailable } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { buildApp, type CartApi } from './app';
import { configSchema } from './config';

const logger = createLogger('test', 'silent');

/** The cart worker's answers, which each test sets. The broker between it and the API is real. */
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
const defaultAnswers = { onJob: worker.onJob, onQuery: worker.onQuery };

const product = {
  productId: 'p',
  productName: 'Lantern',
  onHand: 5,
  reserved: 2,
  available: 3,
  unitPrice: '12.50',
  currency: 'USD',
  version: 'v5',
};

/** The changes sent to the inventory in this test, and its answers. */
const inventoryState = {
  puts: [] as unknown[],
  changes: [] as StockChange[],
  result: { state: 'STOCK_CHANGE_STATE_CHANGED', product, reserved: 0, isReplay: false } as Partial<StockChangeResult>,
  isDown: false,
};

const inventory = {
  listProducts: ({ productIds = [] }: { productIds?: string[] }) =>
    inventoryState.isDown
      ? Promise.reject(unavailable('the inventory'))
      : Promise.resolve({
          products: productIds.length === 0 || productIds.includes('p') ? [product] : [],
          next: productIds.length > 0 ? '' : 'p',
        }),
  putProducts: ({ puts, actor }: { puts: ProductPut[]; actor: string }) => {
    inventoryState.puts.push({ ...puts[0], actor });
    const { quantity: requested, condition } = puts[0]!;
    const quantity = requested === undefined ? product.onHand : Number(requested);
    const isMet = !condition || condition.anyVersion || condition.versions?.includes('v5');
    const stored = {
      state: 'PRODUCT_PUT_STATE_STORED',
      product: { ...product, onHand: quantity, available: quantity - 2 },
    };
    const refused = { state: 'PRODUCT_PUT_STATE_STOCK_RESERVED', product: null, reserved: 2 };
    const stale = { state: 'PRODUCT_PUT_STATE_CONDITION_FAILED', product: null };
    return Promise.resolve({ results: [!isMet ? stale : quantity < 2 ? refused : stored] });
  },
  changeStock: ({ changes }: { changes: StockChange[] }) => {
    inventoryState.changes.push(...changes);
    return Promise.resolve({ results: [inventoryState.result] });
  },
  ping: () => Promise.resolve(),
  close: () => undefined,
} as unknown as InventoryClient;

let testBroker: TestBroker;
let broker: Broker;
let publish: (order: OrderState) => Promise<void>;
let api: CartApi;

async function startApi(settings: Record<string, string> = {}) {
  const config = configSchema.parse({ RABBITMQ_URL: testBroker.url, INVENTORY_ADDRESS: 'unused:1', ...settings });
  const newApi = buildApp({ ...config, PORT: 0 }, { logger, metrics: createMetrics('test') }, { inventory });
  await newApi.start();
  await eventually(async () => expect((await get('/readyz', newApi)).status).toBe(200));
  return newApi;
}

const get = (path: string, service = api, headers = {}) =>
  fetch(`http://127.0.0.1:${service.port()}${path}`, { headers });

const post = (path: string, body: unknown, headers: Record<string, string> = {}, service = api) =>
  fetch(`http://127.0.0.1:${service.port()}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const orderOf = (orderID: string, changes: Partial<OrderState> = {}): OrderState => ({
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
  ...changes,
});

const declined: Partial<OrderState> = {
  status: 'failed',
  code: 'PAYMENT_DECLINED',
  error: 'The payment was declined',
  reason: 'NO_WALLET',
};

beforeAll(async () => {
  testBroker = await createTestBroker('cartapi');
  broker = createBroker({ url: testBroker.url, name: 'stub-worker', logger });
  const publisher = createPublisher(broker, logger, {
    consumes: [cartJobsQueue, cartQueriesQueue],
    sendsTo: [ordersExchange],
  });
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
        if (reply) publisher.reply([{ to: replyAddress!, body: reply }]);
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
  Object.assign(worker, defaultAnswers);
  worker.jobs = [];
  worker.orders.clear();
  Object.assign(inventoryState, { puts: [], changes: [], isDown: false });
});

afterAll(async () => {
  await api.stop();
  await broker.stop();
  await testBroker.drop();
});

describe('a cart change', () => {
  const add = { clientID: 'c', productID: 'p', quantity: 2 };

  test('becomes a job with its caller, its data and its deadline', async () => {
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

  test('with a key becomes the same job each time, and a replay is marked as such', async () => {
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

  test('can set an item or remove one', async () => {
    const path = `http://127.0.0.1:${api.port()}/cart/c/items/a%2Fb`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(path, { method: 'PUT', body: '{"quantity":3}', headers })).status).toBe(200);
    expect((await fetch(path, { method: 'DELETE' })).status).toBe(200);
    expect(worker.jobs).toMatchObject([
      { type: 'set-cart-item', data: { clientID: 'c', productID: 'a/b', quantity: 3 } },
      { type: 'remove-cart-item', data: { clientID: 'c', productID: 'a/b' } },
    ]);
  });

  test('gets 504 if the worker does not reply in time, as the job may still be applied', async () => {
    const impatientApi = await startApi({ ANSWER_TIMEOUT_MS: '150' });
    worker.onJob = () => undefined;
    const response = await post('/addToCart', add, {}, impatientApi);
    expect([response.status, await response.json()]).toMatchObject([504, { status: 'failed', code: 'TIMEOUT' }]);
    await impatientApi.stop();
  });
});

describe('a checkout', () => {
  const accept = (job: CartJob): CartReply => {
    const order = orderOf(job.id);
    worker.orders.set(job.id, order);
    return { outcome: 'accepted', replayed: false, order };
  };

  test('is answered with the final state of its order', async () => {
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

  test('carries the total that the client expects, and is refused if the total has changed', async () => {
    const total = { expectedTotal: '25.50', total: '27.00' };
    const message = 'The total is 27.00 now, not 25.50';
    worker.onJob = () => ({ outcome: 'refused', replayed: false, code: 'TOTAL_CHANGED', message, ...total });
    const response = await post('/checkOutCart', '{"clientID":"c","expectedTotal":25.5}');
    expect([response.status, await response.json()]).toEqual([
      409,
      { status: 'failed', error: message, code: 'TOTAL_CHANGED', ...total },
    ]);
    await post('/checkOutCart', { clientID: 'c', expectedTotal: null });
    expect(worker.jobs.map(({ data }) => 'expectedTotal' in data && data.expectedTotal)).toEqual(['25.50', false]);
  });

  test('gets 402 with the order and the reason if the payment is declined', async () => {
    worker.onJob = (job) => {
      void publish(orderOf(job.id, declined));
      return accept(job);
    };
    const response = await post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=60' });
    expect(response.headers.get('preference-applied')).toBe('wait=60');
    expect([response.status, await response.json()]).toEqual([
      402,
      {
        status: 'failed',
        error: declined.error,
        code: 'PAYMENT_DECLINED',
        orderID: worker.jobs[0]!.id,
        reason: 'NO_WALLET',
      },
    ]);
  });

  test("gets 202 with a Location if the client doesn't wait", async () => {
    worker.onJob = accept;
    const response = await post('/checkOutCart', { clientID: 'c' }, { prefer: 'respond-async' });
    const orderID = worker.jobs[0]!.id;
    expect([response.status, await response.json()]).toEqual([202, { status: 'processing', error: '', orderID }]);
    expect(response.headers.get('location')).toBe(`/orders/${orderID}`);
    expect(response.headers.get('preference-applied')).toBe('respond-async');
    expect((await get(response.headers.get('location')!)).status).toBe(200);
  });

  test('that is repeated joins its order and is marked as a replay', async () => {
    worker.onJob = (job) => ({ ...accept(job), replayed: worker.jobs.length > 1 }) as CartReply;
    const key = { 'idempotency-key': 'join' };
    const responses = [post('/checkOutCart', { clientID: 'c' }, key), post('/checkOutCart', { clientID: 'c' }, key)];
    await eventually(() => expect(worker.jobs).toHaveLength(2));
    await publish(orderOf(worker.jobs[0]!.id, { status: 'completed' }));
    const answers = await Promise.all(responses);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([
      { total: '25.00' },
      { total: '25.00' },
    ]);
    expect(answers.map((answer) => answer.headers.get('idempotency-replayed')).sort()).toEqual(['true', null].sort());
  });

  test('gets the final state of its order even if the broker connection breaks while it waits', async () => {
    worker.onJob = accept;
    const response = post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=30' });
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    const orderID = worker.jobs[0]!.id;
    await eventually(async () => expect(await (await get('/metrics')).text()).toMatch(/requests_in_flight\{[^}]*\} 1/));
    // The job's reply must arrive before the connection breaks, or the outcome would be unknown. This query follows the job.
    await get(`/orders/${orderID}`);
    worker.orders.set(orderID, orderOf(orderID, { status: 'completed' })); // but no event is published
    testBroker.cutConnections();
    expect((await response).status).toBe(200);
  });

  test('gets 202 when the service stops, and the order continues', async () => {
    worker.onJob = accept;
    const stoppingApi = await startApi();
    const response = post('/checkOutCart', { clientID: 'c' }, { prefer: 'wait=60' }, stoppingApi);
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    await get(`/orders/${worker.jobs[0]!.id}`, stoppingApi);
    await stoppingApi.stop();
    expect((await response).status).toBe(202);
  });
});

describe('a cancellation', () => {
  const cancel = (orderID: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`http://127.0.0.1:${api.port()}/orders/${orderID}/cancel`, { method: 'POST', headers, body: body ?? null });
  const cancelled: Partial<OrderState> = { status: 'failed', code: 'CANCELLED', error: ORDER_CANCELLED };
  const reply = (order: OrderState, replayed = false): CartReply => ({ outcome: 'accepted', replayed, order });

  test('is answered once the order has settled, and so is the checkout that waits for it', async () => {
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

  test("gets 202 with a Location if the client doesn't wait", async () => {
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
  ] as const)('of an order that has %s gets 409', async (status, end) => {
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

  test('of an order that completes first gets 409', async () => {
    worker.onJob = () => {
      void publish(orderOf('o', { status: 'completed' }));
      return reply(orderOf('o'));
    };
    expect(await (await cancel('o', { prefer: 'wait=30' })).json()).toMatchObject({ code: 'ORDER_ENDED' });
  });

  test('of an unknown order gets 404', async () => {
    const message = 'There is no such order';
    worker.onJob = () => ({ outcome: 'refused', replayed: false, code: 'ORDER_NOT_FOUND', message });
    const answer = await cancel('o');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { status: 'failed', error: message, code: 'ORDER_NOT_FOUND' },
    ]);
  });

  test('accepts no body, an empty body or {}; a key identifies one job per order', async () => {
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
  const idOf = ({ status, updatedAt }: OrderState) => `${status}-${updatedAt}`;
  const status = (order: OrderState) => `id: ${idOf(order)}\nevent: status\ndata: ${JSON.stringify(order)}\n\n`;

  test('are its current and its final state, without the internal shortages', async () => {
    worker.orders.set('o-1', orderOf('o-1'));
    const response = await get('/orders/o-1/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const failedOrder = { ...orderOf('o-1'), status: 'failed', code: 'INSUFFICIENT_STOCK', error: 'Short' } as const;
    await publish({ ...failedOrder, shortages: [{ productID: 'p', requested: 2, available: 1 }] });
    expect(await response.text()).toBe(status(orderOf('o-1')) + status(failedOrder));
  });

  test('are a single event if the order has already settled', async () => {
    worker.orders.set('o-2', orderOf('o-2', { status: 'completed' }));
    expect(await (await get('/orders/o-2/events')).text()).toBe(status(orderOf('o-2', { status: 'completed' })));
  });

  test('end for good: a client that has seen the final event gets 204 when it reopens the stream', async () => {
    const [open, completed] = [orderOf('o-7'), orderOf('o-7', { status: 'completed' })];
    const reopen = (seen: OrderState) =>
      fetch(`http://127.0.0.1:${api.port()}/orders/o-7/events`, { headers: { 'last-event-id': idOf(seen) } });
    worker.orders.set('o-7', completed);
    expect(await (await reopen(open)).text()).toBe(status(completed));
    const response = await reopen(completed);
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('of an order with thousands of lines arrive completely', async () => {
    const item = { productID: 'p'.repeat(100), quantity: 1, unitPrice: '1.00' };
    const large = orderOf('o-8', { items: Array.from({ length: 20_000 }, () => item) });
    const completed = { ...large, status: 'completed' } as const;
    worker.orders.set('o-8', large);
    const response = await get('/orders/o-8/events');
    await publish(completed);
    expect((await response.text()) === status(large) + status(completed)).toBe(true);
  });

  test('of an unknown order get 404 before any stream begins', async () => {
    const response = await get('/orders/o-3/events');
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { status: 'failed', code: 'ORDER_NOT_FOUND' },
    ]);
  });

  test('arrive even if the broker connection breaks before the final one', async () => {
    worker.orders.set('o-4', orderOf('o-4'));
    const response = await get('/orders/o-4/events');
    worker.orders.set('o-4', orderOf('o-4', { status: 'completed' }));
    testBroker.cutConnections();
    expect(await response.text()).toBe(status(orderOf('o-4')) + status(orderOf('o-4', { status: 'completed' })));
  });

  test('stop when the client disconnects', async () => {
    worker.orders.set('o-5', orderOf('o-5'));
    const controller = new AbortController();
    await fetch(`http://127.0.0.1:${api.port()}/orders/o-5/events`, { signal: controller.signal });
    const metrics = async () => (await get('/metrics')).text();
    expect(await metrics()).toMatch(/souk_http_event_streams\{[^}]*\} 1/);
    controller.abort();
    await eventually(async () => expect(await metrics()).toMatch(/souk_http_event_streams\{[^}]*\} 0/));
  });
});

describe('a query', () => {
  test('for a cart, an order or a list of orders is answered with exactly the declared fields', async () => {
    worker.orders.set('o-6', orderOf('o-6', { ...declined, shortages: [] }));
    expect(await (await get('/cart/c')).json()).toEqual({
      clientID: 'c',
      items: [
        {
          ...{ productID: 'p', productName: 'Lantern', quantity: 2 },
          ...{ unitPrice: '12.50', lineTotal: '25.00', available: true },
        },
      ],
      total: '25.00',
      currency: 'USD',
    });
    const { reason: _, ...shown } = orderOf('o-6', declined);
    expect(await (await get('/orders/o-6')).json()).toEqual(shown);
    expect(await (await get('/orders?clientID=c')).json()).toEqual({ items: [], next: null });
    expect(await (await get('/orders/nope')).json()).toMatchObject({ code: 'ORDER_NOT_FOUND' });
  });

  test('for a cart is answered without prices while the inventory is down', async () => {
    inventoryState.isDown = true;
    const response = await get('/cart/c');
    const unpriced = { productName: null, unitPrice: null, lineTotal: null, available: null };
    expect([response.status, await response.json()]).toEqual([
      200,
      { clientID: 'c', items: [{ productID: 'p', quantity: 2, ...unpriced }], total: null, currency: null },
    ]);
  });

  test('with an invalid cursor gets 400', async () => {
    worker.onQuery = () => ({ badCursor: true });
    const response = await get('/orders?clientID=c&after=x');
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'INVALID_REQUEST', fields: [{ field: 'after' }] },
    ]);
  });

  test('gets 503 while the database is down', async () => {
    worker.onQuery = () => ({ unavailable: true });
    const response = await get('/cart/c');
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'UNAVAILABLE' }]);
  });

  test('for products shows the quantity that can still be bought', async () => {
    const shown = { productID: 'p', productName: 'Lantern', quantity: 3, unitPrice: '12.50', currency: 'USD' };
    expect(await (await get('/products/p')).json()).toEqual(shown);
    expect(await (await get('/products')).json()).toEqual({ items: [shown], next: 'p' });
    expect(await (await get('/products/unknown')).json()).toMatchObject({
      status: 'failed',
      code: 'PRODUCT_NOT_FOUND',
    });
  });
});

describe('an administrator', () => {
  const headers = { 'content-type': 'application/json' };
  const put = (body: object, extraHeaders: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${api.port()}/products/p`, {
      method: 'PUT',
      body: JSON.stringify({ productName: 'Lantern', unitPrice: '12.5', ...body }),
      headers: { ...headers, ...extraHeaders },
    });
  const change = (body: object, headers: Record<string, string> = {}, productID = 'p') =>
    post(`/products/${productID}/stock`, body, headers);
  const answerWith = (result: Partial<StockChangeResult>) =>
    (inventoryState.result = { product: null, reserved: 0, isReplay: false, ...result });

  test('sets the stock on hand, but not below the reserved quantity', async () => {
    expect(await (await put({ quantity: 9 })).json()).toEqual({
      ...{ status: 'success', error: '', productID: 'p', productName: 'Lantern', unitPrice: '12.50', currency: 'USD' },
      ...{ quantity: 7, onHand: 9, reserved: 2 },
    });
    const refused = await put({ quantity: 1 });
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        ...{ status: 'failed', code: 'STOCK_RESERVED', reserved: 2 },
        error: '2 are reserved; the stock cannot be set below that',
      },
    ]);
  });

  test('edits a product without touching its stock', async () => {
    for (const body of [{}, { quantity: null }]) expect((await put(body)).status).toBe(200);
    const edit = { productId: 'p', productName: 'Lantern', unitPrice: '12.50', actor: 'admin' };
    expect(inventoryState.puts).toEqual([edit, edit]);
  });

  test.each<[string, number]>([
    ['*', 200],
    ['"v5"', 200],
    ['"v4", "v5"', 200],
    ['"v4"', 412],
    ['W/"v5"', 412],
  ])('who edits a product with If-Match %s gets %d', async (ifMatch, status) => {
    const response = await put({ quantity: 9 }, { 'if-match': ifMatch });
    expect(response.status).toBe(status);
    if (status === 412) {
      expect(await response.json()).toEqual({
        ...{ status: 'failed', code: 'PRECONDITION_FAILED' },
        error: 'The product has changed since it was read; read it again',
      });
    }
  });

  test('gets 400 for a malformed If-Match', async () => {
    const response = await put({}, { 'if-match': 'v5' });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'INVALID_REQUEST' }]);
    expect(inventoryState.puts).toEqual([]);
  });

  test('reads the version for If-Match from the ETag', async () => {
    expect((await get('/products/p')).headers.get('etag')).toBe('"v5"');
  });

  test('changes the stock by a delta, once per key and product', async () => {
    answerWith({ state: 'STOCK_CHANGE_STATE_CHANGED', product });
    const first = await change({ delta: -2, reason: 'broken' }, { 'idempotency-key': 'k' });
    expect(await first.json()).toMatchObject({
      status: 'success',
      productID: 'p',
      quantity: 3,
      onHand: 5,
      reserved: 2,
    });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    answerWith({ state: 'STOCK_CHANGE_STATE_CHANGED', product, isReplay: true });
    const again = await change({ reason: 'broken', delta: -2.0 }, { 'idempotency-key': 'k' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await change({ delta: 2 }, { 'idempotency-key': 'k' });
    await change({ delta: -2, reason: 'broken' }, { 'idempotency-key': 'k' }, 'q');
    await change({ delta: -2, reason: 'broken' });
    await change({ delta: -2, reason: 'broken' });
    const [original, repeated, otherBody, otherProduct, ...unkeyed] = inventoryState.changes;
    expect(original).toMatchObject({ productId: 'p', delta: -2, reason: 'broken' });
    expect(repeated).toEqual(original);
    expect(otherBody!.changeId).toBe(original!.changeId);
    expect(otherBody!.fingerprint).not.toBe(original!.fingerprint);
    const ids = [original, otherProduct, ...unkeyed].map((stockChange) => stockChange!.changeId);
    expect(new Set(ids).size).toBe(4);
  });

  test.each<[string, Partial<StockChangeResult>, number, object]>([
    ['reserved stock', { state: 'STOCK_CHANGE_STATE_STOCK_RESERVED', reserved: 2 }, 409, { code: 'STOCK_RESERVED' }],
    ['unknown product', { state: 'STOCK_CHANGE_STATE_UNKNOWN_PRODUCT' }, 404, { code: 'PRODUCT_NOT_FOUND' }],
    [
      'too much stock',
      { state: 'STOCK_CHANGE_STATE_TOO_MUCH' },
      400,
      { code: 'INVALID_REQUEST', fields: [{ field: 'delta' }] },
    ],
    [
      'a key reused with another body',
      { state: 'STOCK_CHANGE_STATE_ID_MISMATCH' },
      422,
      { code: 'IDEMPOTENCY_MISMATCH' },
    ],
    ['an expired key', { state: 'STOCK_CHANGE_STATE_ID_EXPIRED' }, 409, { code: 'IDEMPOTENCY_EXPIRED' }],
  ])('gets the declared refusal of a stock change: %s', async (_name, result, status, body) => {
    answerWith(result);
    const response = await change({ delta: 1 }, { 'idempotency-key': 'k' });
    expect([response.status, await response.json()]).toMatchObject([status, { status: 'failed', ...body }]);
  });

  test.each<[string, object]>([
    ['delta', {}],
    ['delta', { delta: 1.5 }],
    ['delta', { delta: '1' }],
    ['delta', { delta: 2_147_483_648 }],
    ['reason', { delta: 1, reason: 'r'.repeat(501) }],
    ['reason', { delta: 1, reason: 5 }],
  ])('gets 400 for a bad %s: %j', async (field, body) => {
    const response = await change(body);
    expect([response.status, await response.json()]).toMatchObject([400, { fields: [{ field }] }]);
    expect(inventoryState.changes).toEqual([]);
  });
});
