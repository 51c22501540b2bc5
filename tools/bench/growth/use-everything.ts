import { randomUUID } from 'node:crypto';
import type { PrivateSystem } from '../system/private-system';
import type { GrowthData } from './growth-data';

type Send = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<unknown>;

const MANY = 64;

/** Uses every route at least once, with many concurrent requests where they can share a batch. Some are refused on purpose. */
export async function useEverything(system: PrivateSystem, data: GrowthData): Promise<void> {
  const sendTo =
    (url: string): Send =>
    async (method, path, body, headers = {}) => {
      const all = { 'content-type': 'application/json', 'x-api-key': system.credentials.adminApiKey, ...headers };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: all,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return text === '' ? {} : (JSON.parse(text) as unknown);
    };
  await useCart(sendTo(system.urls.cartApi), data);
  await useWallet(sendTo(system.urls.walletApi), data);
  await useMonitoring(sendTo(system.urls.monitoringApi), data);
}

const many = <Item>(items: readonly Item[], run: (item: Item, index: number) => Promise<unknown>) =>
  Promise.all(items.slice(0, MANY).map(run));

async function useCart(send: Send, data: GrowthData): Promise<void> {
  const { buyers, adders, products, orderIds, largest } = data;
  const add = (clientID: string, productID: string, headers?: Record<string, string>) =>
    send('POST', '/addToCart', { clientID, productID, quantity: 1 }, headers);
  const key = { 'idempotency-key': randomUUID() };
  await add(adders[0]!, products[0]!, key);
  await add(adders[0]!, products[0]!, key);
  await many(adders, (id, index) => add(id, products[index]!));
  await many(adders, (id, index) => send('PUT', `/cart/${id}/items/${products[index]!}`, { quantity: 3 }));
  await many(adders, (id) => send('GET', `/cart/${id}`));
  await many(adders, (id, index) => send('DELETE', `/cart/${id}/items/${products[index]!}`));
  await many(buyers, (id, index) => add(id, products[index]!));
  await many(buyers, (id, index) => add(id, products[index + 1]!));
  await many(buyers, (clientID) => send('POST', '/checkOutCart', { clientID }));
  // Without a wallet, the payment is declined and the cart restored.
  const strangers = buyers.slice(0, MANY).map((id) => `stranger-${id}`);
  await many(strangers, (id, index) => add(id, products[index]!));
  await many(strangers, (clientID) => send('POST', '/checkOutCart', { clientID }));
  await many(buyers, (id, index) => add(id, products[index]!));
  await many(buyers, async (clientID) => {
    const order = await send('POST', '/checkOutCart', { clientID }, { prefer: 'respond-async' });
    await send('POST', `/orders/${(order as { orderID: string }).orderID}/cancel`);
  });
  await many(orderIds, (id) => send('GET', `/orders/${id}`));
  await many(buyers, (id) => send('GET', `/orders?clientID=${id}`));
  await send('GET', `/orders?clientID=${largest.clientId}&after=${largest.deepOrder}&limit=500`);
  await send('GET', '/products?limit=500');
  await send('GET', `/products?after=${data.deepProduct}`);
  await many(products, (id) => send('GET', `/products/${id}`));
  await many(products, (id, index) =>
    send('PUT', `/products/${id}`, {
      productName: id,
      unitPrice: '2.50',
      ...(index % 2 === 0 && { quantity: 1_999_000_000 }),
    }),
  );
  await many(products, (id) =>
    send('POST', `/products/${id}/stock`, { delta: 1 }, { 'idempotency-key': randomUUID() }),
  );
}

async function useWallet(send: Send, data: GrowthData): Promise<void> {
  const { walletIds, accountIds, buyers, largest } = data;
  const key = () => ({ 'idempotency-key': randomUUID() });
  const deposit = (id: string, headers?: Record<string, string>) =>
    send('POST', `/api/v1/wallets/${id}/operation`, { operation_type: 'DEPOSIT', amount: '5.00' }, headers);
  await many(walletIds, (id) => deposit(id));
  await many(walletIds, (id) => deposit(id, key()));
  const same = key();
  await deposit(walletIds[0]!, same);
  await deposit(walletIds[0]!, same);
  await many(walletIds, (id) => send('GET', `/api/v1/wallets/${id}`));
  await many(walletIds, (id) => send('POST', `/wallets/${id}/replenish`, { amount: '1.00' }));
  await many(walletIds, (id, index) =>
    send('POST', '/transfers', { from_wallet_id: id, to_wallet_id: walletIds[index + 1]!, amount: '0.50' }),
  );
  await many(accountIds, (id) => send('POST', '/transactions/credit', { account_id: id, amount: '1.00' }));
  await many(accountIds, (id) => send('POST', '/transactions/debit', { account_id: id, amount: '1.00' }));
  await send('POST', '/api/v1/wallets/', undefined, key());
  await many(buyers, (id) => send('POST', '/accounts', { reference: `new-${id}`, initial_balance: '1.00' }));
  await many(buyers, (id) => send('GET', `/accounts?reference=${id}`));
  await many(accountIds, (id) => send('GET', `/accounts/${id}`));
  await many(accountIds, (id) => send('GET', `/accounts/${id}/balance`));
  await send('GET', `/accounts/${largest.accountId}/balance?at=${new Date(Date.now() - 864e6).toISOString()}`);
  await send('GET', `/accounts/${largest.accountId}/transactions?limit=500`);
  await send('GET', `/accounts/${largest.accountId}/transactions?after=${largest.deepLine}`);
  await send('GET', `/accounts/${largest.accountId}/transactions?after=4`); // an earlier release wrote these postings
}

async function useMonitoring(send: Send, { accountIds, largest }: GrowthData): Promise<void> {
  const ids = [...accountIds.slice(0, 4), largest.accountId];
  for (const id of ids) {
    await send('GET', `/accounts/${id}/alerts`);
    await send('GET', `/accounts/${id}/notifications`);
    await send('GET', `/accounts/${id}/deliveries`);
  }
  await send('GET', `/accounts/${largest.accountId}/notifications?after=${largest.deepLine}`);
  const day = (ago: number) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10);
  await send('GET', `/analytics/summary?from=${day(1)}&to=${day(0)}`);
  await send('GET', `/analytics/summary?from=${day(30)}&to=${day(0)}`);
  const id = ids[0]!;
  await send('PUT', `/accounts/${id}/webhook`, { url: 'https://receiver.invalid/hook' });
  await send('GET', `/accounts/${id}/webhook`);
  await send('GET', `/accounts/${id}/deliveries?state=dead`);
  await send('POST', `/accounts/${id}/deliveries/redeliver`, undefined, { 'idempotency-key': randomUUID() });
  await send('DELETE', `/accounts/${id}/webhook`);
}
