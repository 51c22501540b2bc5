import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import type { Send } from '../test/shop-client';
import { startShopping, wrongReplies } from '../test/shopping';
import { APPS, ENGINES } from '../test/souk-processes';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openWallets } from '../test/wallets';

const MINUTE_MS = 60_000;

let souk: SoukSystem;
let send: Send;
const stockSet = new Map<string, number>();

async function putProduct(productID: string, quantity: number, unitPrice = '10.00'): Promise<void> {
  const answer = await send('PUT', `/products/${productID}`, { productName: productID, quantity, unitPrice });
  expect(answer.status).toBe(200);
  stockSet.set(productID, quantity);
}

beforeAll(async () => {
  souk = await startSouk({ ORDER_RECHECK: '2' });
  send = souk.send;
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

/** Checks out 64 carts at once, each with one unit of a product of which 50 are left. @returns the number of successes */
async function rushForTheLastFifty(round: string): Promise<number> {
  const productID = `last-${round}`;
  await putProduct(productID, 50);
  const clients = Array.from({ length: 64 }, (_, index) => `${round}-${index}`);
  await openWallets(souk, clients);
  await Promise.all(clients.map((clientID) => send('POST', '/addToCart', { clientID, productID, quantity: 1 })));
  const answers = await Promise.all(
    clients.map((clientID) => send('POST', '/checkOutCart', { clientID }, { prefer: 'wait=60' })),
  );
  for (const { status, body } of answers) {
    if (status === 200) expect(body).toMatchObject({ status: 'success', total: '10.00', currency: 'USD' });
    else
      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'INSUFFICIENT_STOCK', items: [{ productID, requested: 1, available: 0 }] }),
      ]);
  }
  const [product] = await souk.rows<{ quantity: number }>(
    'SELECT quantity FROM inventory.product_details WHERE product_id = ?',
    [productID],
  );
  expect(product!.quantity).toBe(0);
  return answers.filter(({ status }) => status === 200).length;
}

test(
  '64 customers buy the last 50 at once: exactly 50 succeed, in each of 20 runs',
  async () => {
    for (let round = 0; round < 20; round++) expect(await rushForTheLastFifty(`one-${round}`)).toBe(50);
  },
  3 * MINUTE_MS,
);

test(
  'with two inventory managers, two wallets and two of each worker, exactly 50 succeed as well',
  async () => {
    for (const app of ['inventory-manager', 'cart-worker', 'checkout-worker', 'wallet-api']) await souk.scale(app, 2);
    for (let round = 0; round < 20; round++) expect(await rushForTheLastFifty(`two-${round}`)).toBe(50);
  },
  3 * MINUTE_MS,
);

test('16 concurrent requests with one key have one effect, and all replies but one are marked as replays', async () => {
  await putProduct('idempotent', 1_000);
  const clientID = randomUUID();
  const ask = () =>
    send('POST', '/addToCart', { clientID, productID: 'idempotent', quantity: 3 }, { 'idempotency-key': 'k-1' });
  const answers = await Promise.all(Array.from({ length: 16 }, ask));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(16).fill(200));
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(15);
  expect((await send('GET', `/cart/${clientID}`)).body).toMatchObject({
    clientID,
    items: [{ productID: 'idempotent', quantity: 3 }],
  });

  const mismatch = await send(
    'POST',
    '/addToCart',
    { clientID, productID: 'idempotent', quantity: 4 },
    { 'idempotency-key': '"k-1"' },
  );
  expect([mismatch.status, mismatch.body['code']]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
  const reordered = await send(
    'POST',
    '/addToCart',
    `{ "quantity" : 3, "productID":"idempotent","clientID":"${clientID}"}`,
    { 'idempotency-key': 'k-1' },
  );
  expect([reordered.status, reordered.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  const otherText = await send(
    'POST',
    '/addToCart',
    `{"quantity":3.0,"productID":"idempotent","clientID":"${clientID}"}`,
    { 'idempotency-key': 'k-1' },
  );
  expect(otherText.status).toBe(422);
});

test('a repeated checkout joins the running one: one order, one charge, the same reply for all', async () => {
  const clientID = randomUUID();
  await openWallets(souk, [clientID]);
  await send('POST', '/addToCart', { clientID, productID: 'idempotent', quantity: 2 });
  const answers = await Promise.all(
    Array.from({ length: 16 }, () =>
      send('POST', '/checkOutCart', { clientID }, { 'idempotency-key': 'pay-1', prefer: 'wait=30' }),
    ),
  );
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  expect(answers[0]!.body).toMatchObject({ status: 'success', total: '20.00' });
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(15);
  expect(await souk.rows('SELECT order_id FROM cart.orders WHERE client_id = ?', [clientID])).toHaveLength(1);

  // The cart is empty by now, but the key still returns its order.
  const later = await send('POST', '/checkOutCart', { clientID }, { 'idempotency-key': 'pay-1' });
  expect(later.body).toEqual(answers[0]!.body);
});

test(
  'adds race a checkout of the same cart 1,000 times: no confirmed add is lost or doubled',
  async () => {
    await putProduct('raced', 1_000_000);
    const clients = Array.from({ length: 8 }, () => randomUUID());
    await openWallets(souk, clients);
    const confirmed = new Map<string, number>();
    const race = async (clientID: string) => {
      const add = async () => {
        const { status } = await send('POST', '/addToCart', { clientID, productID: 'raced', quantity: 1 });
        if (status === 200) confirmed.set(clientID, (confirmed.get(clientID) ?? 0) + 1);
      };
      await Promise.all([add(), send('POST', '/checkOutCart', { clientID }, { prefer: 'respond-async' }), add()]);
    };
    for (let round = 0; round < 125; round++) await Promise.all(clients.map(race));
    await waitUntilAllOrdersEnd(souk);
    for (const clientID of clients) {
      const [row] = await souk.rows<{ in_cart: string | null; bought: string | null }>(
        `SELECT (SELECT SUM(quantity) FROM cart.client_cart WHERE client_id = ?) AS in_cart,
              (SELECT SUM(i.quantity) FROM cart.order_item i JOIN cart.orders o USING (order_id) WHERE o.client_id = ? AND o.status = 'completed') AS bought`,
        [clientID, clientID],
      );
      expect(Number(row!.in_cart ?? 0) + Number(row!.bought ?? 0)).toBe(confirmed.get(clientID));
    }
    expect([...confirmed.values()].reduce((sum, count) => sum + count, 0)).toBe(2_000);
  },
  5 * MINUTE_MS,
);

/** Kills processes one after another while customers shop, then checks the replies and the books. */
async function killWhileShopping(names: readonly string[], round: string): Promise<void> {
  const productIDs = [`${round}-a`, `${round}-b`, `${round}-c`];
  await putProduct(productIDs[0]!, 1_000_000);
  await putProduct(productIDs[1]!, 60);
  await putProduct(productIDs[2]!, 1_000_000, '0.00');
  const shoppers = await startShopping(souk, 12, productIDs);
  for (const name of names) {
    await delay(500); // customers are in the middle of shopping
    await souk.kill(name);
    await souk.healthy();
  }
  await delay(500);
  const added = await shoppers.stop();
  await waitUntilAllOrdersEnd(souk);

  expect(await brokenPromises(souk, stockSet)).toEqual([]);
  expect(await wrongReplies(souk, added, shoppers.statuses)).toEqual([]);
  expect(shoppers.statuses.get(200)).toBeGreaterThan(100);
}

test(
  'each app is killed in turn while customers shop: every reply is correct, all orders end, and the books agree',
  async () => {
    await killWhileShopping(
      [...APPS, 'inventory-manager-2', 'cart-worker-2', 'checkout-worker-2', 'wallet-api-2'],
      'apps',
    );
  },
  6 * MINUTE_MS,
);

test(
  'each engine is killed in turn while customers shop: every reply is correct, and everything recovers without help',
  async () => {
    await killWhileShopping(ENGINES, 'engines');
  },
  8 * MINUTE_MS,
);
