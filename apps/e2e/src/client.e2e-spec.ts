import { createCartApiClient, unwrap, type CartApi } from '@souk/client';
import { randomUUID } from 'node:crypto';
import { startSouk, type SoukSystem } from '../test/souk-system';

const MINUTE_MS = 60_000;

let souk: SoukSystem;
let api: CartApi;
let clientID: string;
let productID: string;

beforeAll(async () => {
  souk = await startSouk({ PAYMENT_PROVIDER: 'simulated', SIMULATED_PAYMENT_LATENCY_MS: '300' });
  api = createCartApiClient({ url: souk.url, apiKey: souk.adminKey, retry: { attemptsMax: 60, maxMs: 1_000 } });
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

beforeEach(async () => {
  clientID = `customer ${randomUUID()}`;
  productID = `a/b ${randomUUID()}`;
  unwrap(await api.putProduct({ productID, productName: 'A lamp', quantity: 10, unitPrice: '12.50' }));
});

const add = (quantity: number, idempotencyKey?: string) =>
  api.addToCart({ clientID, productID, quantity }, idempotencyKey === undefined ? {} : { idempotencyKey });

test('a customer shops with the client and follows the order to its end', async () => {
  unwrap(await add(2));
  expect(unwrap(await api.getCart({ clientID })).items).toMatchObject([{ productID, quantity: 2 }]);
  const accepted = unwrap(await api.checkOutCart({ clientID }, { respondAsync: true }));
  expect(accepted.status).toBe('processing');
  const statuses: string[] = [];
  for await (const order of api.orderEvents({ orderID: accepted.orderID })) statuses.push(order.status);
  expect(statuses).toEqual(['processing', 'completed']);
  expect(unwrap(await api.listOrders({ clientID, limit: 1 })).items).toMatchObject([{ total: '25.00' }]);
  expect(unwrap(await api.getProduct({ productID })).quantity).toBe(8);
});

test('the client returns refusals as typed failures', async () => {
  expect(await add(11)).toMatchObject({ ok: false, failure: { code: 'INSUFFICIENT_STOCK', available: 10 } });
  expect(await api.checkOutCart({ clientID })).toMatchObject({ ok: false, failure: { code: 'CART_EMPTY' } });
  unwrap(await add(1, 'k'));
  expect(await add(1, 'k')).toMatchObject({ ok: true, isReplayed: true });
  expect(await add(2, 'k')).toMatchObject({ ok: false, failure: { code: 'IDEMPOTENCY_MISMATCH' } });
  await expect(api.orderEvents({ orderID: 'nobody' }).next()).rejects.toMatchObject({
    failure: { code: 'ORDER_NOT_FOUND' },
  });
});

test(
  'requests made while the API and its worker are killed take effect once',
  async () => {
    const adds = Promise.all(Array.from({ length: 5 }, () => add(1)));
    await Promise.all([souk.kill('cart-api'), souk.kill('cart-worker')]);
    for (const result of await adds) unwrap(result);
    expect(unwrap(await api.getCart({ clientID })).items).toMatchObject([{ productID, quantity: 5 }]);

    const { orderID } = unwrap(await api.checkOutCart({ clientID }, { respondAsync: true }));
    const followedStatuses = (async () => {
      const statuses: string[] = [];
      for await (const order of api.orderEvents({ orderID })) statuses.push(order.status);
      return statuses;
    })();
    await souk.kill('cart-api');
    expect((await followedStatuses).at(-1)).toBe('completed');
    expect(unwrap(await api.getOrder({ orderID })).total).toBe('62.50');
  },
  2 * MINUTE_MS,
);
