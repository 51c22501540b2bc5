import { eventually } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { finalOrder } from '../test/shop-client';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openAccounts, type Account } from '../test/wallet-operations';
import { balanceOf, MERCHANT, openWallets } from '../test/wallets';

const MINUTE_MS = 60_000;

let souk: SoukSystem;

beforeAll(async () => {
  souk = await startSouk();
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

const putProduct = async (quantity: number) => {
  const productID = `product-${randomUUID()}`;
  const product = { productName: 'A teapot', unitPrice: '12.50', quantity };
  expect((await souk.send('PUT', `/products/${productID}`, product)).status).toBe(200);
  return productID;
};
const addToCart = (clientID: string, productID: string, quantity: number) =>
  souk.send('POST', '/addToCart', { clientID, productID, quantity });

test('the shop sells what is in a cart and charges the wallet once, even if the checkout is repeated', async () => {
  const clientID = `customer-${randomUUID()}`;
  const productID = await putProduct(10);
  await openWallets(souk, [clientID], '100.00');
  const merchantBalance = Number(await balanceOf(souk, MERCHANT));
  expect((await addToCart(clientID, productID, 2)).body).toEqual({ status: 'success', error: '' });

  const key = { 'idempotency-key': randomUUID() };
  const checkout = await souk.send('POST', '/checkOutCart', { clientID }, key);
  const repeat = await souk.send('POST', '/checkOutCart', { clientID }, key);
  expect([checkout.status, checkout.body['total'], repeat.body['orderID']]).toEqual([
    200,
    '25.00',
    checkout.body['orderID'],
  ]);
  expect(await finalOrder(souk.send, checkout.body['orderID'] as string)).toMatchObject({
    status: 'completed',
    total: '25.00',
  });
  expect([await balanceOf(souk, clientID), Number(await balanceOf(souk, MERCHANT))]).toEqual([
    '75.00',
    merchantBalance + 25,
  ]);
});

test('the inventory sells the last item to one of several customers, and the others keep their carts', async () => {
  const productID = await putProduct(1);
  const clientIDs = Array.from({ length: 8 }, () => `customer-${randomUUID()}`);
  await openWallets(souk, clientIDs);
  for (const clientID of clientIDs) expect((await addToCart(clientID, productID, 1)).status).toBe(200);

  const checkouts = await Promise.all(clientIDs.map((clientID) => souk.send('POST', '/checkOutCart', { clientID })));
  expect(checkouts.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
  const carts = await Promise.all(clientIDs.map((clientID) => souk.send('GET', `/cart/${clientID}`)));
  expect(carts.filter(({ body }) => (body['items'] as unknown[]).length === 1)).toHaveLength(7);
  expect((await souk.send('GET', `/products/${productID}`)).body).toMatchObject({ quantity: 0 });
});

test('the wallet moves money between accounts and shows it in both statements', async () => {
  const [payer, payee] = (await openAccounts(souk, 2)) as [Account, Account];
  const transfer = { from_wallet_id: payer.wallet.id, to_wallet_id: payee.wallet.id, amount: '15.25' };
  expect((await souk.sendToWallet('POST', '/transfers', transfer)).status).toBe(200);
  for (const [account, amount, balance] of [
    [payer, '-15.25', '34.75'],
    [payee, '15.25', '65.25'],
  ] as const) {
    const { body } = await souk.sendToWallet('GET', `/accounts/${account.id}/transactions?limit=1`);
    expect((body['items'] as unknown[])[0]).toMatchObject({ amount, balance_after: balance });
  }
});

test("the consumers of the wallet's events notify the account and count its transactions", async () => {
  const [account] = (await openAccounts(souk, 1)) as [Account];
  const credit = { account_id: account.id, amount: '5.00' };
  const { body: transaction } = await souk.sendToWallet('POST', '/transactions/credit', credit);
  await eventually(async () => {
    const { body: notifications } = await souk.sendToMonitoring('GET', `/accounts/${account.id}/notifications?limit=1`);
    expect(notifications['items']).toMatchObject([{ transaction_id: transaction['transaction_id'], amount: '5.00' }]);
    const { body: summary } = await souk.sendToMonitoring('GET', '/analytics/summary?top=100');
    expect(summary['top_accounts']).toContainEqual(
      expect.objectContaining({ account_id: account.id, transactions: 2, volume_in: '55.00' }),
    );
  }, 20_000);
});

test('the cash machine pays out what it charges to the account', async () => {
  const [account] = (await openAccounts(souk, 1)) as [Account];
  const totalOf = async () => (await souk.sendToAtm('GET', '/atm/total')).body['total'] as number;
  const before = await totalOf();
  const withdrawal = await souk.sendToAtm('POST', '/atm/withdrawal', { amount: 40, account_id: account.id });
  expect([withdrawal.status, withdrawal.body]).toEqual([
    200,
    { requested_amount: 40, withdrawal: { BILL: { '20': 2 }, COIN: {} } },
  ]);
  expect(before - (await totalOf())).toBeCloseTo(40, 2);
  const { body } = await souk.sendToWallet('GET', `/accounts/${account.id}/balance`);
  expect(body['amount']).toBe('10.00');
});

test(
  'the audit of all five systems finds no broken promise',
  async () => {
    expect(await souk.audit()).toEqual([]);
  },
  MINUTE_MS,
);
