import { cartSchema, orderListSchema, orderSchema, productSchema } from '@souk/contracts';
import { createInventoryClient } from '@souk/grpc';
import { randomUUID } from 'node:crypto';
import { createShopClient, finalOrder, type Send } from '../test/shop-client';
import { startSouk, type SoukSystem } from '../test/souk-system';

const MINUTE_MS = 60_000;
const ADMIN = { 'x-api-key': 'the-admin-key' };
const SUCCESS = { status: 'success', error: '' };

let souk: SoukSystem;
let send: Send;
let clientID: string;
let productID: string;

const failure = (code: string, details: object = {}) => ({
  status: 'failed',
  error: expect.stringMatching(/./),
  code,
  ...details,
});
const put = (id: string, quantity: number, unitPrice: unknown = '12.50') =>
  send('PUT', `/products/${encodeURIComponent(id)}`, { productName: 'A lamp', quantity, unitPrice }, ADMIN);
const add = (quantity: number, product = productID) =>
  send('POST', '/addToCart', { clientID, productID: product, quantity });
const pay = (headers: Record<string, string> = { prefer: 'wait=30' }) =>
  send('POST', '/checkOutCart', { clientID }, headers);

beforeAll(async () => {
  souk = await startSouk({
    PAYMENT_PROVIDER: 'simulated',
    ADMIN_API_KEY: ADMIN['x-api-key'],
    CORS_ORIGINS: 'https://shop.example',
    IN_FLIGHT_MAX: '50',
    SIMULATED_PAYMENT_LATENCY_MS: '300',
  });
  send = souk.send;
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

beforeEach(async () => {
  clientID = `customer-${randomUUID()}`;
  productID = `product-${randomUUID()}`;
  await put(productID, 10);
});

test('POST /addToCart: 200, 404 PRODUCT_NOT_FOUND, 409 INSUFFICIENT_STOCK with the available quantity', async () => {
  expect(await add(4)).toMatchObject({ status: 200, body: SUCCESS });
  const refused = await add(7);
  expect([refused.status, refused.body]).toEqual([409, failure('INSUFFICIENT_STOCK', { available: 10 })]);
  const unknown = await add(1, 'no-such-product');
  expect([unknown.status, unknown.body]).toEqual([404, failure('PRODUCT_NOT_FOUND')]);
  const cart = await send('GET', `/cart/${clientID}`);
  expect(cartSchema.strict().parse(cart.body)).toEqual({
    clientID,
    items: [{ productID, productName: 'A lamp', quantity: 4, unitPrice: '12.50', lineTotal: '50.00', available: true }],
    total: '50.00',
    currency: 'USD',
  });
});

test('the cart: PUT creates or sets a line, DELETE of a missing line succeeds, an unknown client has an empty cart', async () => {
  const item = `/cart/${clientID}/items/${productID}`;
  const empty = await send('GET', `/cart/${clientID}/`);
  expect([empty.status, cartSchema.strict().parse(empty.body)]).toEqual([
    200,
    { clientID, items: [], total: '0.00', currency: 'USD' },
  ]);
  expect(await send('PUT', item, { quantity: 3 })).toMatchObject({ status: 200, body: SUCCESS });
  expect(await send('PUT', item, { quantity: 2 })).toMatchObject({ status: 200, body: SUCCESS });
  expect((await send('PUT', item, { quantity: 11 })).body).toEqual(failure('INSUFFICIENT_STOCK', { available: 10 }));
  expect((await send('PUT', `/cart/${clientID}/items/nothing`, { quantity: 1 })).status).toBe(404);
  expect((await send('GET', `/cart/${clientID}`)).body['items']).toMatchObject([{ productID, quantity: 2 }]);
  expect(await send('DELETE', item)).toMatchObject({ status: 200, body: SUCCESS });
  expect(await send('DELETE', item)).toMatchObject({ status: 200, body: SUCCESS });
  expect((await send('GET', `/cart/${clientID}`)).body['items']).toEqual([]);
});

test('POST /checkOutCart: 200 with orderID, total and currency; 409 CART_EMPTY without an order', async () => {
  await add(2);
  const paid = await pay();
  expect([paid.status, paid.body]).toEqual([
    200,
    { ...SUCCESS, orderID: expect.any(String), total: '25.00', currency: 'USD' },
  ]);
  expect(paid.headers.get('preference-applied')).toBe('wait=30');
  const empty = await pay();
  expect([empty.status, empty.body]).toEqual([409, failure('CART_EMPTY')]);
});

test('Prefer: respond-async returns 202 and a Location once the order exists; a retry with the same key joins it', async () => {
  await add(1);
  const headers = { prefer: 'respond-async', 'idempotency-key': 'k' };
  const { status, body, headers: responseHeaders } = await pay(headers);
  const orderID = String(body['orderID']);
  expect([status, body]).toEqual([202, { status: 'processing', error: '', orderID }]);
  expect([responseHeaders.get('location'), responseHeaders.get('preference-applied')]).toEqual([
    `/orders/${orderID}`,
    'respond-async',
  ]);
  expect((await send('GET', `/orders/${orderID}`)).body).toMatchObject({ status: 'processing', clientID });

  const joined = await pay({ 'idempotency-key': 'k' });
  expect([joined.status, joined.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(joined.body).toEqual({ ...SUCCESS, orderID, total: '12.50', currency: 'USD' });
  const afterSettling = await pay({ ...headers });
  expect([afterSettling.status, afterSettling.body]).toEqual([200, joined.body]);
});

test('a checkout that takes longer than its wait returns 202, and the order continues', async () => {
  await add(1);
  const { status, body, headers } = await pay({ prefer: 'wait=0' });
  expect([status, headers.get('preference-applied')]).toEqual([202, 'wait=0']);
  expect(await finalOrder(send, String(body['orderID']))).toMatchObject({ status: 'completed' });
});

test('orders: a single order, a paged list (newest first), 404 ORDER_NOT_FOUND, 400 for a bad cursor', async () => {
  const orderIDs: string[] = [];
  for (let n = 0; n < 3; n++) {
    await add(1);
    orderIDs.unshift(String((await pay()).body['orderID']));
  }
  const { body } = await send('GET', `/orders/${orderIDs[0]!}`);
  expect(orderSchema.strict().parse(body)).toMatchObject({
    orderID: orderIDs[0],
    clientID,
    status: 'completed',
    error: '',
    code: '',
    items: [{ productID, quantity: 1, unitPrice: '12.50' }],
    total: '12.50',
    currency: 'USD',
  });
  const first = orderListSchema.strict().parse((await send('GET', `/orders?clientID=${clientID}&limit=2`)).body);
  const second = orderListSchema
    .strict()
    .parse((await send('GET', `/orders?clientID=${clientID}&limit=2&after=${first.next}`)).body);
  expect([...first.items, ...second.items].map(({ orderID }) => orderID)).toEqual(orderIDs);
  expect(second.next).toBeNull();
  expect((await send('GET', '/orders/nobody')).body).toEqual(failure('ORDER_NOT_FOUND'));
  for (const query of [
    '',
    '?clientID=',
    `?clientID=${clientID}&after=x`,
    `?clientID=${clientID}&limit=0`,
    `?clientID=${clientID}&limit=501`,
  ]) {
    expect([query, (await send('GET', `/orders${query}`)).status]).toEqual([query, 400]);
  }
});

/** Reads the event stream of an order to its end. */
async function eventsOf(orderID: string): Promise<{ contentType: string | null; text: string }> {
  const response = await fetch(`${souk.url}/orders/${orderID}/events`, {
    headers: souk.credentials,
    signal: AbortSignal.timeout(20_000),
  });
  return { contentType: response.headers.get('content-type'), text: await response.text() };
}

test('order events: the current status, then each change, then the end of the stream', async () => {
  await add(1);
  const { body } = await pay({ prefer: 'respond-async' });
  const orderID = String(body['orderID']);
  const { contentType, text } = await eventsOf(orderID);
  expect(contentType).toMatch(/^text\/event-stream/);
  const events = [...text.matchAll(/^id: (.+)\nevent: status\ndata: (.+)$/gm)];
  const orders = events.map(([, , data]) => orderSchema.strict().parse(JSON.parse(data!)));
  expect(orders.map(({ status }) => status)).toEqual(['processing', 'completed']);
  // The stream of an order that has ended contains a single event.
  expect((await eventsOf(orderID)).text.match(/^event: status$/gm)).toHaveLength(1);
  const reopened = await fetch(`${souk.url}/orders/${orderID}/events`, {
    headers: { ...souk.credentials, 'last-event-id': events.at(-1)![1]! },
  });
  expect(reopened.status).toBe(204);
  expect((await send('GET', '/orders/nobody/events')).body).toEqual(failure('ORDER_NOT_FOUND'));
});

test('products: a single product, a paged list by id, 404 PRODUCT_NOT_FOUND', async () => {
  const { body } = await send('GET', `/products/${productID}`);
  expect(productSchema.strict().parse(body)).toEqual({
    productID,
    productName: 'A lamp',
    quantity: 10,
    unitPrice: '12.50',
    currency: 'USD',
  });
  expect((await send('GET', '/products/nothing')).body).toEqual(failure('PRODUCT_NOT_FOUND'));
  await put(`${productID}-b`, 0, 3.5);
  const listed: string[] = [];
  let after = '';
  do {
    const page = (await send('GET', `/products?limit=1${after}`)).body as {
      items: { productID: string }[];
      next: string | null;
    };
    listed.push(...page.items.map((item) => item.productID));
    after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`;
  } while (after !== '');
  expect(listed).toEqual([...listed].sort());
  expect(listed).toEqual(expect.arrayContaining([productID, `${productID}-b`]));
});

test('PUT /products: 401 without the key, 200 with the stock, 409 STOCK_RESERVED below the reserved quantity', async () => {
  const changed = await put(productID, 8, 99.9);
  const product = { productID, productName: 'A lamp', quantity: 8, unitPrice: '99.90', currency: 'USD' };
  expect([changed.status, changed.body]).toEqual([200, { ...SUCCESS, ...product, onHand: 8, reserved: 0 }]);
  for (const key of ['', 'wrong']) {
    const headers: Record<string, string> = key === '' ? {} : { 'x-api-key': key };
    const refused = await createShopClient(souk.url)(
      'PUT',
      `/products/${productID}`,
      { productName: 'A lamp', quantity: 1, unitPrice: '1' },
      headers,
    );
    expect([refused.status, refused.body]).toEqual([401, failure('UNAUTHORIZED')]);
  }
  const inventory = createInventoryClient({ ...souk.inventory, deadlineMs: 5_000 });
  await inventory.reserveItems({
    reservations: [{ reserveId: randomUUID(), items: [{ productId: productID, quantity: 5 }] }],
  });
  inventory.close();
  const reserved = await put(productID, 4);
  expect([reserved.status, reserved.body]).toEqual([409, failure('STOCK_RESERVED', { reserved: 5 })]);
  expect((await put(productID, 6)).body).toMatchObject({ quantity: 1, onHand: 6, reserved: 5 });
  expect((await send('GET', `/products/${productID}`)).body['quantity']).toBe(1);
});

test('editing a product never undoes a sale: without a quantity, with If-Match, or by a delta with a key', async () => {
  const path = `/products/${productID}`;
  const edit = (body: object, headers: Record<string, string> = {}) =>
    send('PUT', path, { productName: 'A lantern', unitPrice: '12.50', ...body }, { ...ADMIN, ...headers });
  const readETag = async () => (await send('GET', path)).headers.get('etag')!;
  const stale = await readETag();
  await add(3);
  expect((await pay()).status).toBe(200);
  const refused = await edit({ quantity: 10 }, { 'if-match': stale });
  expect([refused.status, refused.body]).toEqual([412, failure('PRECONDITION_FAILED')]);
  expect((await edit({}, { 'if-match': await readETag() })).body).toMatchObject({
    onHand: 7,
    productName: 'A lantern',
  });
  const change = () =>
    send('POST', `${path}/stock`, { delta: 3, reason: 'back' }, { ...ADMIN, 'idempotency-key': 'k' });
  const answers = [await change(), await change()];
  expect(answers.map(({ body }) => body['onHand'])).toEqual([10, 10]);
  expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  const anonymous = await createShopClient(souk.url)('POST', `${path}/stock`, { delta: 1 });
  expect([anonymous.status, anonymous.body]).toEqual([401, failure('UNAUTHORIZED')]);
});

test('a price that changed after the cart was shown is not charged: 409 TOTAL_CHANGED', async () => {
  await add(2);
  await put(productID, 10, 13);
  const key = { 'idempotency-key': randomUUID() };
  const checkOutExpecting = (expectedTotal: unknown, headers = {}) =>
    send('POST', '/checkOutCart', { clientID, expectedTotal }, headers);
  const refused = await checkOutExpecting('25.00', key);
  expect([refused.status, refused.body]).toEqual([
    409,
    failure('TOTAL_CHANGED', { expectedTotal: '25.00', total: '26.00' }),
  ]);
  expect((await checkOutExpecting('25.00', key)).headers.get('idempotency-replayed')).toBe('true');
  expect((await send('GET', `/orders?clientID=${clientID}`)).body['items']).toEqual([]);
  expect((await checkOutExpecting(26)).body).toMatchObject({ status: 'success', total: '26.00' });
});

test('ids may be any text of 1 to 100 characters, are compared byte for byte, and are never interpreted as commands', async () => {
  for (const id of [
    "'; DROP TABLE cart.orders; --",
    '../../etc/passwd',
    'a b',
    'Ünïcödé-😀',
    '%00',
    '<script>alert(1)</script>',
    'A',
    'a',
    'x'.repeat(100),
  ]) {
    expect([id, (await put(id, 5)).status]).toEqual([id, 200]);
    clientID = `${id.slice(0, 60)}-${randomUUID().slice(0, 8)}`;
    expect([id, (await add(2, id)).status]).toEqual([id, 200]);
    expect((await send('GET', `/cart/${encodeURIComponent(clientID)}`)).body).toMatchObject({
      clientID,
      items: [{ productID: id, quantity: 2 }],
    });
  }
});

test('a page from an allowed origin may call the API and read its headers; a page from another origin may not', async () => {
  const preflight = (origin: string) =>
    fetch(`${souk.url}/checkOutCart`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'idempotency-key,prefer,content-type',
      },
    });
  expect((await preflight('https://shop.example')).headers.get('access-control-allow-origin')).toBe(
    'https://shop.example',
  );
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
    'https://evil.example',
  );
  const { headers } = await send('GET', '/products', undefined, { origin: 'https://shop.example' });
  for (const name of ['Location', 'Retry-After', 'Idempotency-Replayed'])
    expect(headers.get('access-control-expose-headers')).toContain(name);
});

test('too many concurrent requests are refused with 429 and Retry-After; the others succeed', async () => {
  await souk.freeze('cart-worker'); // no worker replies, so all requests stay in flight
  const requests = Array.from({ length: 60 }, () => send('GET', `/cart/${clientID}`));
  const refused = await Promise.race(requests);
  expect([refused.status, refused.body, refused.headers.get('retry-after')]).toEqual([429, failure('OVERLOADED'), '1']);
  await souk.thaw('cart-worker');
  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(50);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});

test('health, metrics and documentation are at their usual paths', async () => {
  expect(await send('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await send('GET', '/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ok', checks: { broker: 'ok', inventory: 'ok' } },
  });
  expect(await (await fetch(`${souk.url}/metrics`)).text()).toMatch(/^# HELP/);
  expect(await (await fetch(`${souk.url}/docs`)).text()).toContain('swagger-ui');
  expect((await send('GET', '/documentation/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
});
