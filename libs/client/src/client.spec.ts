import {
  breakOff,
  failWith,
  answerWith,
  startTestService,
  type ScriptedAnswer,
  type TestService,
} from '../test/start-test-service';
import { createCartApiClient } from './client';
import type { CartApi } from './generated/cart-api';
import type { ClientOptions } from './options';
import { FailureError, NoAnswerError, UnexpectedAnswerError, unwrap } from './result';

const ADD = { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 };
const DONE = answerWith(200, { status: 'success', error: '' });
const QUICK = { initialMs: 1, maxMs: 2 };

let service: TestService;

const client = (options: Partial<ClientOptions> = {}) =>
  createCartApiClient({ url: service.url, retry: QUICK, ...options });
const keys = () => service.received.map(({ headers }) => headers['idempotency-key']);

beforeAll(async () => void (service = await startTestService()));
afterAll(() => service.stop());
beforeEach(() => service.script(DONE));

describe('a request', () => {
  test.each<[string, (api: CartApi) => Promise<unknown>, string, unknown]>([
    ['addToCart', (api) => api.addToCart(ADD), 'POST /addToCart', ADD],
    ['checkOutCart', (api) => api.checkOutCart({ clientID: 'c' }), 'POST /checkOutCart', { clientID: 'c' }],
    ['getCart', (api) => api.getCart({ clientID: 'a/b ?%é' }), 'GET /cart/a%2Fb%20%3F%25%C3%A9', undefined],
    [
      'setCartItem',
      (api) => api.setCartItem({ ...ADD, clientID: 'c', productID: 'p' }),
      'PUT /cart/c/items/p',
      { quantity: 2 },
    ],
    [
      'removeCartItem',
      (api) => api.removeCartItem({ clientID: 'c', productID: 'p' }),
      'DELETE /cart/c/items/p',
      undefined,
    ],
    ['getOrder', (api) => api.getOrder({ orderID: 'o' }), 'GET /orders/o', undefined],
    [
      'listOrders',
      (api) => api.listOrders({ clientID: 'a&b', limit: 3 }),
      'GET /orders?clientID=a%26b&limit=3',
      undefined,
    ],
    ['listProducts', (api) => api.listProducts(), 'GET /products', undefined],
    ['listProducts, a page', (api) => api.listProducts({ after: 'p' }), 'GET /products?after=p', undefined],
    ['getProduct', (api) => api.getProduct({ productID: '...' }), 'GET /products/...', undefined],
    [
      'putProduct',
      (api) => api.putProduct({ productID: 'p', productName: 'Lamp', quantity: 1, unitPrice: '12.50' }),
      'PUT /products/p',
      { productName: 'Lamp', quantity: 1, unitPrice: '12.50' },
    ],
    ['changeStock', (api) => api.changeStock({ productID: 'p', delta: -2 }), 'POST /products/p/stock', { delta: -2 }],
  ])('for %s has the method, path and body that the contract declares', async (_name, send, requestLine, body) => {
    await send(client());
    expect(service.received.map(({ method, path, body: sent }) => [`${method} ${path}`, sent])).toEqual([
      [requestLine, body],
    ]);
    expect(service.received[0]!.headers['content-type']).toBe(body === undefined ? undefined : 'application/json');
  });

  test("is sent below the path of the client's URL, with the client's headers", async () => {
    const api = client({ url: `${service.url}/api/`, headers: { traceparent: '00-1-2-01' } });
    await api.getOrder({ orderID: 'o' });
    expect(service.received[0]).toMatchObject({ path: '/api/orders/o', headers: { traceparent: '00-1-2-01' } });
  });

  test('carries the API key', async () => {
    await client({ apiKey: 's3cret' }).getProduct({ productID: 'p' });
    await client().getProduct({ productID: 'p' });
    expect(service.received.map(({ headers }) => headers['x-api-key'])).toEqual(['s3cret', undefined]);
  });

  test("carries the customer's token, which a function can renew before each attempt", async () => {
    await client({ token: 'fixed' }).getCart({ clientID: 'c' });
    expect(service.received[0]!.headers['authorization']).toBe('Bearer fixed');
    const tokens = ['first', 'second'];
    service.script(failWith(503, 'UNAVAILABLE'), DONE);
    await client({ token: () => Promise.resolve(tokens.shift()!) }).getCart({ clientID: 'c' });
    expect(service.received.map(({ headers }) => headers['authorization'])).toEqual(['Bearer first', 'Bearer second']);
  });

  test('is aborted by its signal while the token is being renewed', async () => {
    const api = client({ token: () => new Promise(() => undefined) });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(api.getCart({ clientID: 'c' }, { signal })).rejects.toThrow('enough');
    const controller = new AbortController();
    const pending = api.getCart({ clientID: 'c' }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  test('is not sent if the token cannot be renewed', async () => {
    const api = client({ token: () => Promise.reject(new Error('signed out')) });
    await expect(api.getCart({ clientID: 'c' })).rejects.toThrow('signed out');
    expect(service.received).toEqual([]);
  });

  test.each(['.', '..', ''])(
    'with an id that a URL cannot contain (%j) is refused before it is sent',
    async (clientID) => {
      await expect(client().getCart({ clientID })).rejects.toThrow(TypeError);
      expect(service.received).toEqual([]);
    },
  );

  test.each([
    [{}, undefined],
    [{ waitSeconds: 0 }, 'wait=0'],
    [{ waitSeconds: 30 }, 'wait=30'],
    [{ respondAsync: true as const }, 'respond-async'],
  ])('for a checkout with %j sends Prefer: %s', async (options, prefer) => {
    await client().checkOutCart({ clientID: 'c' }, options);
    expect(service.received[0]!.headers['prefer']).toBe(prefer);
  });

  test('for a change names the version to be changed, if `ifMatch` is given', async () => {
    const product = { productID: 'p', productName: 'Lamp', unitPrice: '1.00' };
    service.script(answerWith(200, {}, { ETag: '"v1"' }));
    const { etag } = await client().getProduct({ productID: 'p' });
    await client().putProduct(product, { ifMatch: etag! });
    await client().putProduct(product);
    expect(service.received.map(({ headers }) => headers['if-match'])).toEqual([undefined, '"v1"', undefined]);
  });

  test('for a checkout cannot wait longer than the service allows', async () => {
    await expect(client().checkOutCart({ clientID: 'c' }, { waitSeconds: 61 })).rejects.toThrow('from 0 to 60');
  });
});

describe('an answer', () => {
  test('has the body and the other properties of the answer', async () => {
    const body = { status: 'processing', error: '', orderID: 'o' };
    service.script(answerWith(202, body, { 'Idempotency-Replayed': 'true', 'Preference-Applied': 'wait=1' }));
    const result = await client().checkOutCart({ clientID: 'c' }, { waitSeconds: 1, idempotencyKey: 'k' });
    expect(result).toEqual({
      ok: true,
      body,
      status: 202,
      attempts: 1,
      idempotencyKey: 'k',
      isReplayed: true,
      preferenceApplied: 'wait=1',
    });
    expect(unwrap(result).orderID).toBe('o');
  });

  test('that the contract declares as a failure is a value, typed by its code, and is not retried', async () => {
    service.script(failWith(409, 'INSUFFICIENT_STOCK', { available: 3 }));
    const result = await client().addToCart(ADD);
    if (result.ok || result.failure.code !== 'INSUFFICIENT_STOCK') throw new Error('expected INSUFFICIENT_STOCK');
    expect(result.failure.available satisfies number).toBe(3);
    expect(result).toMatchObject({ ok: false, status: 409, attempts: 1, isReplayed: false });
    expect(service.received).toHaveLength(1);
    expect(() => unwrap(result)).toThrow(FailureError);
    expect(() => unwrap(result)).toThrow('INSUFFICIENT_STOCK: the code is INSUFFICIENT_STOCK');
  });

  test.each<[string, ScriptedAnswer]>([
    ['caused by a bug', failWith(500, 'INTERNAL')],
    ['with a code of another route', failWith(409, 'CART_EMPTY')],
    ['from another service', answerWith(404, '<h1>Not found</h1>')],
    ['that is not JSON', answerWith(200, 'ok')],
  ])('%s is reported as an UnexpectedAnswerError', async (_name, answer) => {
    service.script(answer);
    await expect(client().addToCart(ADD)).rejects.toThrow(UnexpectedAnswerError);
    expect(service.received).toHaveLength(1);
  });
});

describe('a change with a key', () => {
  test.each<[string, ScriptedAnswer]>([
    ['429', failWith(429, 'OVERLOADED')],
    ['502 from a proxy', answerWith(502, '<h1>Bad gateway</h1>')],
    ['503', failWith(503, 'UNAVAILABLE')],
    ['504', failWith(504, 'TIMEOUT')],
    ['a broken connection', breakOff],
    [
      'an incomplete answer',
      (response) => void response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
    ],
  ])('is retried after %s with the same key', async (_name, answer) => {
    service.script(answer, answer, DONE);
    const result = await client().addToCart(ADD);
    expect(result).toMatchObject({ ok: true, attempts: 3 });
    expect(new Set(keys())).toEqual(new Set([result.idempotencyKey]));
    expect(service.received.map(({ body }) => body)).toEqual([ADD, ADD, ADD]);
  });

  test("has the caller's key, or a generated one", async () => {
    await client().addToCart(ADD);
    await client().addToCart(ADD);
    await client().addToCart(ADD, { idempotencyKey: 'order-7' });
    expect(keys()).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
      'order-7',
    ]);
    expect(new Set(keys()).size).toBe(3);
  });

  test.each(['', 'a b', 'é', 'a'.repeat(256)])(
    'with the key %j is refused before it is sent',
    async (idempotencyKey) => {
      await expect(client().addToCart(ADD, { idempotencyKey })).rejects.toThrow('1 to 255 visible characters');
      expect(service.received).toEqual([]);
    },
  );

  test('is attempted a limited number of times, and the last failure is the result', async () => {
    service.script(failWith(503, 'UNAVAILABLE'));
    const result = await client({ retry: { ...QUICK, attemptsMax: 4 } }).addToCart(ADD);
    expect(result).toMatchObject({ ok: false, failure: { code: 'UNAVAILABLE' }, attempts: 4 });
    expect(service.received).toHaveLength(4);
  });

  test('that is never answered rejects with its key, so that it can be repeated', async () => {
    service.script(breakOff);
    const answer = client({ retry: { ...QUICK, attemptsMax: 3 } }).addToCart(ADD, { idempotencyKey: 'k' });
    await expect(answer).rejects.toThrow(NoAnswerError);
    await expect(answer).rejects.toMatchObject({ attempts: 3, idempotencyKey: 'k' });
  });

  test('that is not answered in time is retried, and a requested wait extends that time', async () => {
    service.script(() => undefined, DONE);
    const api = client({ answerTimeoutMs: 500 });
    expect(await api.addToCart(ADD)).toMatchObject({ ok: true, attempts: 2 });
    service.script((response, received) => void setTimeout(() => DONE(response, received), 800));
    expect(await api.checkOutCart({ clientID: 'c' }, { waitSeconds: 1 })).toMatchObject({ ok: true, attempts: 1 });
  });

  test('is not retried before Retry-After has passed', async () => {
    service.script(failWith(429, 'OVERLOADED', {}, { 'Retry-After': '1' }), DONE);
    const startedAt = Date.now();
    expect(await client().addToCart(ADD)).toMatchObject({ ok: true, attempts: 2 });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  test('is not retried if Retry-After is too long', async () => {
    service.script(failWith(503, 'UNAVAILABLE', {}, { 'Retry-After': '3600' }));
    expect(await client().addToCart(ADD)).toMatchObject({ ok: false, attempts: 1, failure: { code: 'UNAVAILABLE' } });
  });
});

describe('a change without a key', () => {
  const setItem = () => client().setCartItem(ADD);

  test.each(['OVERLOADED', 'UNAVAILABLE'])(
    'is retried after %s, which guarantees that nothing was done',
    async (code) => {
      service.script(failWith(code === 'OVERLOADED' ? 429 : 503, code), DONE);
      expect(await setItem()).toMatchObject({ ok: true, attempts: 2 });
    },
  );

  test('is not repeated when its outcome is unknown', async () => {
    service.script(failWith(504, 'TIMEOUT'));
    expect(await setItem()).toMatchObject({ ok: false, attempts: 1, failure: { code: 'TIMEOUT' } });
    service.script(breakOff);
    await expect(setItem()).rejects.toMatchObject({ name: 'NoAnswerError', attempts: 1 });
    service.script(answerWith(503, '<h1>a proxy</h1>'));
    await expect(setItem()).rejects.toThrow(UnexpectedAnswerError);
    expect(service.received).toHaveLength(1);
  });
});

test('a read is retried without a key', async () => {
  service.script(breakOff, failWith(504, 'TIMEOUT'), answerWith(200, { clientID: 'c', items: [] }));
  expect(await client().getCart({ clientID: 'c' })).toMatchObject({ ok: true, attempts: 3, body: { items: [] } });
  expect(keys()).toEqual([undefined, undefined, undefined]);
});

describe('a signal', () => {
  const reason = new Error('the customer left');

  test('that is already aborted prevents the request', async () => {
    await expect(client().addToCart(ADD, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(service.received).toEqual([]);
  });

  test('ends a request that is waiting for its answer', async () => {
    const controller = new AbortController();
    service.script(() => controller.abort(reason));
    await expect(client().addToCart(ADD, { signal: controller.signal })).rejects.toBe(reason);
  });

  test('ends a pause between attempts', async () => {
    const controller = new AbortController();
    service.script((response, received) => {
      failWith(503, 'UNAVAILABLE')(response, received);
      setTimeout(() => controller.abort(reason), 50);
    });
    const slow = client({ retry: { initialMs: 60_000, maxMs: 60_000 } });
    await expect(slow.addToCart(ADD, { signal: controller.signal })).rejects.toBe(reason);
    expect(service.received).toHaveLength(1);
  });
});
