import { createLogger, createMetrics } from '@souk/service';
import { buildApp, type CartApi } from './app';
import { configSchema } from './config';

/*
 * Requests are validated before any engine is called, so these tests run without engines: a request that passes validation
 * gets 503.
 */
let api: CartApi;
const ADMIN_KEY = 'the-admin-key';

beforeAll(async () => {
  const config = configSchema.parse({
    RABBITMQ_URL: 'amqp://nobody:nothing@127.0.0.1:1/',
    INVENTORY_ADDRESS: '127.0.0.1:1',
    ADMIN_API_KEY: ADMIN_KEY,
  });
  api = buildApp({ ...config, PORT: 0 }, { logger: createLogger('test', 'silent'), metrics: createMetrics('test') });
  await api.start();
});

afterAll(() => api.stop());

interface TestRequest {
  method?: string;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const call = (path: string, { method = 'GET', body, headers }: TestRequest) =>
  fetch(`http://127.0.0.1:${api.port()}${path}`, {
    method,
    headers: headers ?? (body === undefined ? {} : JSON_TYPE),
    body: body ?? null,
  });

const post = (body: unknown, headers: Record<string, string> = {}): TestRequest => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { ...JSON_TYPE, ...headers },
});

const put = (body: unknown): TestRequest => ({ ...post(body, { 'x-api-key': ADMIN_KEY }), method: 'PUT' });

const add = { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 };
const product = { productName: 'Lantern', quantity: 1, unitPrice: '1.00' };
const longId = 'a'.repeat(101);
const bytes = (...values: number[]) => new Uint8Array(values);

/**
 * Each row has a description, the path, the request, and the expected status, code and invalid fields. Without fields, the
 * request is refused as a whole.
 */
const BAD: [
  description: string,
  path: string,
  request: TestRequest,
  status: number,
  code: string,
  fields?: string[],
][] = [
  ['a missing body', '/addToCart', { method: 'POST' }, 400, 'INVALID_REQUEST'],
  ['an empty body', '/addToCart', post(''), 400, 'INVALID_REQUEST'],
  ['white space', '/addToCart', post('   '), 400, 'INVALID_REQUEST'],
  ['half an object', '/addToCart', post('{"clientID":"a"'), 400, 'INVALID_REQUEST'],
  ['an array', '/addToCart', post([add]), 400, 'INVALID_REQUEST'],
  ['a string', '/addToCart', post('"a"'), 400, 'INVALID_REQUEST'],
  ['null', '/addToCart', post('null'), 400, 'INVALID_REQUEST'],
  ['64 KiB of brackets', '/addToCart', post('['.repeat(65_536)), 400, 'INVALID_REQUEST'],
  [
    "bytes that aren't UTF-8",
    '/addToCart',
    {
      method: 'POST',
      body: new Uint8Array(Buffer.from('{"clientID":"\xff","productID":"b","quantity":1}', 'latin1')),
      headers: JSON_TYPE,
    },
    400,
    'INVALID_REQUEST',
  ],
  [
    'UTF-16',
    '/addToCart',
    { method: 'POST', body: bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0), headers: JSON_TYPE },
    400,
    'INVALID_REQUEST',
  ],
  ['an empty object', '/addToCart', post({}), 400, 'INVALID_REQUEST', ['clientID', 'productID', 'quantity']],
  [
    'all fields null',
    '/addToCart',
    post({ clientID: null, productID: null, quantity: null }),
    400,
    'INVALID_REQUEST',
    ['clientID', 'productID', 'quantity'],
  ],
  [
    'field names in a different case',
    '/addToCart',
    post({ clientId: 'a', ProductID: 'b', quantity: 1 }),
    400,
    'INVALID_REQUEST',
    ['clientID', 'productID'],
  ],
  [
    'fields in __proto__',
    '/addToCart',
    post(`{"__proto__":${JSON.stringify(add)}}`),
    400,
    'INVALID_REQUEST',
    ['clientID', 'productID', 'quantity'],
  ],
  ['a number as clientID', '/addToCart', post({ ...add, clientID: 7 }), 400, 'INVALID_REQUEST', ['clientID']],
  [
    'an object as clientID',
    '/addToCart',
    post({ ...add, clientID: { $ne: '' } }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  ['an empty clientID', '/addToCart', post({ ...add, clientID: '' }), 400, 'INVALID_REQUEST', ['clientID']],
  ['a clientID of white space', '/addToCart', post({ ...add, clientID: ' ' }), 400, 'INVALID_REQUEST', ['clientID']],
  [
    'a clientID with a space before it',
    '/addToCart',
    post({ ...add, clientID: ' a' }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a clientID with a line break after it',
    '/addToCart',
    post({ ...add, clientID: 'a\n' }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a clientID with a no-break space after it',
    '/addToCart',
    post({ ...add, clientID: 'a\u00a0' }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  ['a clientID with NUL', '/addToCart', post({ ...add, clientID: 'a\0b' }), 400, 'INVALID_REQUEST', ['clientID']],
  [
    'half a surrogate pair as clientID',
    '/addToCart',
    post('{"clientID":"\\ud800","productID":"b","quantity":1}'),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a clientID of 101 characters',
    '/addToCart',
    post({ ...add, clientID: longId }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a clientID of 101 emoji',
    '/addToCart',
    post({ ...add, clientID: '🛒'.repeat(101) }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a productID of 60,000 characters',
    '/addToCart',
    post({ ...add, productID: 'a'.repeat(60_000) }),
    400,
    'INVALID_REQUEST',
    ['productID'],
  ],
  ['quantity 0', '/addToCart', post({ ...add, quantity: 0 }), 400, 'INVALID_REQUEST', ['quantity']],
  ['quantity -1', '/addToCart', post({ ...add, quantity: -1 }), 400, 'INVALID_REQUEST', ['quantity']],
  ['quantity 1.5', '/addToCart', post({ ...add, quantity: 1.5 }), 400, 'INVALID_REQUEST', ['quantity']],
  ['quantity 1,000,001', '/addToCart', post({ ...add, quantity: 1_000_001 }), 400, 'INVALID_REQUEST', ['quantity']],
  [
    'quantity 1e400',
    '/addToCart',
    post('{"clientID":"a","productID":"b","quantity":1e400}'),
    400,
    'INVALID_REQUEST',
    ['quantity'],
  ],
  ...['NaN', 'Infinity', '-Infinity'].map((literal): (typeof BAD)[number] => [
    `quantity ${literal}`,
    '/addToCart',
    post(`{"clientID":"a","productID":"b","quantity":${literal}}`),
    400,
    'INVALID_REQUEST',
    ['quantity'],
  ]),
  [
    'NaN as clientID',
    '/addToCart',
    post('{"clientID":NaN,"productID":"b","quantity":1}'),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'quantity just over 1',
    '/addToCart',
    post('{"clientID":"a","productID":"b","quantity":1.00000000000000000001}'),
    400,
    'INVALID_REQUEST',
    ['quantity'],
  ],
  ['quantity as a string', '/addToCart', post({ ...add, quantity: '2' }), 400, 'INVALID_REQUEST', ['quantity']],
  ['quantity true', '/addToCart', post({ ...add, quantity: true }), 400, 'INVALID_REQUEST', ['quantity']],
  ['quantity as a list', '/addToCart', post({ ...add, quantity: [1] }), 400, 'INVALID_REQUEST', ['quantity']],
  [
    'three invalid fields at once',
    '/addToCart',
    post({ clientID: longId, productID: 1, quantity: '2' }),
    400,
    'INVALID_REQUEST',
    ['clientID', 'productID', 'quantity'],
  ],
  [
    'a form',
    '/addToCart',
    { method: 'POST', body: 'clientID=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'plain text',
    '/addToCart',
    { method: 'POST', body: JSON.stringify(add), headers: { 'content-type': 'text/plain' } },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'Latin-1',
    '/addToCart',
    post(add, { 'content-type': 'application/json; charset=iso-8859-1' }),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a compressed body', '/addToCart', post(add, { 'content-encoding': 'gzip' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['64 KiB plus one byte', '/addToCart', post('a'.repeat(65_537)), 413, 'PAYLOAD_TOO_LARGE'],
  ['3 MB', '/addToCart', post({ ...add, note: 'a'.repeat(3_000_000) }), 413, 'PAYLOAD_TOO_LARGE'],
  ['a key with a space', '/addToCart', post(add, { 'idempotency-key': 'a b' }), 400, 'INVALID_REQUEST'],
  ['a key of 256 characters', '/addToCart', post(add, { 'idempotency-key': 'k'.repeat(256) }), 400, 'INVALID_REQUEST'],
  ['an empty key', '/addToCart', post(add, { 'idempotency-key': '' }), 400, 'INVALID_REQUEST'],
  ['a checkout without a clientID', '/checkOutCart', post({}), 400, 'INVALID_REQUEST', ['clientID']],
  [
    'a checkout for a list of clients',
    '/checkOutCart',
    post({ clientID: ['a', 'b'] }),
    400,
    'INVALID_REQUEST',
    ['clientID'],
  ],
  [
    'a checkout with an invalid key',
    '/checkOutCart',
    post({ clientID: 'a' }, { 'idempotency-key': '"a b"' }),
    400,
    'INVALID_REQUEST',
  ],
  ['a cart with a clientID of 101 characters', `/cart/${longId}`, {}, 400, 'INVALID_REQUEST', ['clientID']],
  ['a cart with NUL in its clientID', '/cart/a%00', {}, 400, 'INVALID_REQUEST', ['clientID']],
  ['a cart with a blank clientID', '/cart/%20', {}, 400, 'INVALID_REQUEST', ['clientID']],
  ["a cart path that can't be decoded", '/cart/%E0%A4', {}, 400, 'INVALID_REQUEST'],
  [
    'an item with bad ids and no quantity',
    `/cart/%09a/items/${longId}`,
    { ...post({}), method: 'PUT' },
    400,
    'INVALID_REQUEST',
    ['clientID', 'productID', 'quantity'],
  ],
  [
    'the removal of an item with a bad id',
    '/cart/a/items/b%0A',
    { method: 'DELETE' },
    400,
    'INVALID_REQUEST',
    ['productID'],
  ],
  ['orders without a clientID', '/orders', {}, 400, 'INVALID_REQUEST', ['clientID']],
  ['orders for two clients', '/orders?clientID=a&clientID=b', {}, 400, 'INVALID_REQUEST', ['clientID']],
  ['a limit of 501 orders', '/orders?clientID=a&limit=501', {}, 400, 'INVALID_REQUEST', ['limit']],
  ['a limit of 0 orders', '/orders?clientID=a&limit=0', {}, 400, 'INVALID_REQUEST', ['limit']],
  [
    'a limit in words and an empty cursor',
    '/orders?clientID=a&limit=ten&after=',
    {},
    400,
    'INVALID_REQUEST',
    ['after', 'limit'],
  ],
  ["a query string that can't be decoded", '/orders?clientID=%ff', {}, 400, 'INVALID_REQUEST'],
  ['an order with a bad id', '/orders/%20a', {}, 400, 'INVALID_REQUEST', ['orderID']],
  ['events of an order with a bad id', `/orders/${longId}/events`, {}, 400, 'INVALID_REQUEST', ['orderID']],
  ['products with a negative limit', '/products?limit=-1', {}, 400, 'INVALID_REQUEST', ['limit']],
  ['a product with a bad id', '/products/a%20', {}, 400, 'INVALID_REQUEST', ['productID']],
  ['a product PUT without an API key', '/products/a', { ...post(product), method: 'PUT' }, 401, 'UNAUTHORIZED'],
  [
    'a product PUT with a wrong API key',
    '/products/a',
    { ...post('{', { 'x-api-key': 'guess' }), method: 'PUT' },
    401,
    'UNAUTHORIZED',
  ],
  ['a product without fields', '/products/a', put({}), 400, 'INVALID_REQUEST', ['productName', 'unitPrice']],
  ['a stock change without an API key', '/products/a/stock', post({ delta: 1 }), 401, 'UNAUTHORIZED'],
  ...['"25.005"', '-1', '1e2', '".5"', '"1,00"', 'true', '[]', '""'].map((total): (typeof BAD)[number] => [
    `a checkout that expects ${total}`,
    '/checkOutCart',
    post(`{"clientID":"a","expectedTotal":${total}}`),
    400,
    'INVALID_REQUEST',
    ['expectedTotal'],
  ]),
  ['a nameless product', '/products/a', put({ ...product, productName: ' ' }), 400, 'INVALID_REQUEST', ['productName']],
  [
    'a product with a long name',
    '/products/a',
    put({ ...product, productName: 'a'.repeat(201) }),
    400,
    'INVALID_REQUEST',
    ['productName'],
  ],
  ['a stock below zero', '/products/a', put({ ...product, quantity: -1 }), 400, 'INVALID_REQUEST', ['quantity']],
  [
    'a stock above 2^31 - 1',
    '/products/a',
    put({ ...product, quantity: 2_147_483_648 }),
    400,
    'INVALID_REQUEST',
    ['quantity'],
  ],
  ...[
    '"-1.00"',
    '"1.005"',
    '".5"',
    '"+1"',
    '1e2',
    '1.000',
    '"1,00"',
    '" 1"',
    '"NaN"',
    '""',
    'true',
    '{}',
    '99999999999999.00',
  ].map((price): (typeof BAD)[number] => [
    `the price ${price}`,
    '/products/a',
    put(`{"productName":"a","quantity":1,"unitPrice":${price}}`),
    400,
    'INVALID_REQUEST',
    ['unitPrice'],
  ]),
  ['an unknown path', '/addToCart/now', post(add), 404, 'NOT_FOUND'],
  ['a path in a different case', '/ADDTOCART', post(add), 404, 'NOT_FOUND'],
  ['a path traversal', '/cart/..%2f..%2fetc%2fpasswd/items', {}, 404, 'NOT_FOUND'],
  ['GET where POST is required', '/addToCart', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['PATCH of a cart item', '/cart/a/items/b', { method: 'PATCH' }, 405, 'METHOD_NOT_ALLOWED'],
];

const INTERNALS =
  /\bat \S+ \(|node_modules|\/(src|apps|libs)\/|\.[jt]s\b|SELECT |INSERT |ER_[A-Z]|ECONN|SyntaxError|TypeError|Zod|AppError|127\.0\.0\.1|amqp/;

test.each(BAD.map((row) => [row[0], row] as const))(
  'the API refuses %s and discloses no internals',
  async (_name, row) => {
    const [, path, request, status, code, fields] = row;
    const response = await call(path, request);
    const text = await response.text();
    const body = JSON.parse(text) as { error: string; fields?: { field: string; message: string }[] };

    expect([response.status, body]).toMatchObject([status, { status: 'failed', code }]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body.error.length).toBeGreaterThan(5);
    expect(text.length).toBeLessThan(1_000);
    expect(text).not.toMatch(INTERNALS);
    expect(body.fields?.map(({ field }) => field)).toEqual(fields);
    for (const field of fields ?? []) expect(body.error).toContain(field);
    expect(Object.keys(body).sort()).toEqual(
      fields ? ['code', 'error', 'fields', 'status'] : ['code', 'error', 'status'],
    );
  },
);

const GOOD: [description: string, path: string, request: TestRequest][] = [
  ['an id of 100 emoji', '/addToCart', post({ ...add, clientID: '🛒'.repeat(100) })],
  ['a quantity written 2.0', '/addToCart', post('{"clientID":"a","productID":"b","quantity":2.0}')],
  ['unknown fields', '/addToCart', post({ ...add, note: { a: [1] } })],
  [
    'hostile strings that are valid ids',
    '/addToCart',
    post({ ...add, clientID: "'; DROP TABLE client_cart; --", productID: '../../<script>' }),
  ],
  ['a quoted key', '/addToCart', post(add, { 'idempotency-key': '"k"' })],
  ['an id with a slash', '/cart/a%2Fb', {}],
  ['a trailing slash', '/cart/a/', {}],
  ['a price as a number', '/products/a', put('{"productName":"a","quantity":0,"unitPrice":12.5}')],
  ['a malformed Prefer header', '/checkOutCart', post({ clientID: 'a' }, { prefer: 'wait=soon, "' })],
];

test.each(GOOD)(
  "the API accepts %s: the request reaches the engines, which aren't running here",
  async (_name, path, request) => {
    const response = await call(path, request);
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([503, { status: 'failed', code: 'UNAVAILABLE' }]);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(text).not.toMatch(INTERNALS);
  },
);

test('the table has at least forty rows', () => expect(BAD.length).toBeGreaterThanOrEqual(40));

test('without engines, the process is alive but not ready', async () => {
  expect((await call('/healthz', {})).status).toBe(200);
  const ready = await call('/readyz', {});
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'unavailable', checks: { broker: 'unavailable', inventory: 'unavailable' } },
  ]);
});
