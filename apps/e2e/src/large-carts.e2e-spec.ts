import { chunksOf } from '@souk/service';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openWallets } from '../test/wallets';

const MINUTE_MS = 60_000;
const LINES = 1_000;
const CARTS = 100;
const STOCK = 1_000_000;

let souk: SoukSystem;
const productIDs = Array.from({ length: LINES }, (_, index) => `large-${index}`);
const largeClientIDs = Array.from({ length: CARTS }, (_, index) => `large-customer-${index}`);

beforeAll(async () => {
  souk = await startSouk();
  for (const chunk of chunksOf(productIDs, 50)) await Promise.all(chunk.map(putProduct));
  await openWallets(souk, [...largeClientIDs, 'small-customer']);
  // Filling the carts through the API would take minutes, because each needs a thousand requests.
  for (const clientID of largeClientIDs)
    await souk.rows('INSERT INTO cart.client_cart (client_id, product_id, quantity) VALUES ?', [
      productIDs.map((productID) => [clientID, productID, 1]),
    ]);
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

async function putProduct(productID: string): Promise<void> {
  const product = { productName: productID, quantity: STOCK, unitPrice: '0.01' };
  expect((await souk.send('PUT', `/products/${productID}`, product)).status).toBe(200);
}

test(
  'a one-line cart checks out within seconds alongside 100 carts of 1,000 lines, which all complete',
  async () => {
    const largeAnswers = Promise.all(
      largeClientIDs.map((clientID) => souk.send('POST', '/checkOutCart', { clientID }, { prefer: 'wait=60' })),
    );
    const buyer = { clientID: 'small-customer' };
    const added = await souk.send('POST', '/addToCart', { ...buyer, productID: productIDs[0], quantity: 1 });
    const paid = await souk.send('POST', '/checkOutCart', buyer);
    expect([added.status, paid.status, paid.body]).toEqual([
      200,
      200,
      expect.objectContaining({ status: 'success', total: '0.01' }),
    ]);
    // Both requests took less than the default wait of 5 s, and most large orders are still open: the small one didn't queue behind them.
    const [completed] = await souk.rows<{ orders: number }>(
      "SELECT COUNT(*) AS orders FROM cart.orders WHERE status = 'completed'",
    );
    expect(completed!.orders).toBeLessThan(CARTS / 2);

    const statuses = (await largeAnswers).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 202)).toEqual([]);
    await waitUntilAllOrdersEnd(souk);
    expect(await souk.rows('SELECT status, COUNT(*) AS orders FROM cart.orders GROUP BY status')).toEqual([
      { status: 'completed', orders: CARTS + 1 },
    ]);
    expect(await brokenPromises(souk, new Map(productIDs.map((productID) => [productID, STOCK])))).toEqual([]);
  },
  3 * MINUTE_MS,
);
