import type { Connection } from 'mysql2/promise';
import { createFloorSchema } from '../floors/schema';
import type { PrivateSystem } from './private-system';
import { ask, forEach, type Headers } from './requests';
import type { TestData } from '../scenarios';

const PRODUCTS = 512;
const WALLETS = 1_024;
/** At least one per connection, and enough that the operations of one customer don't overlap at a fixed rate. */
const CUSTOMERS = 1_024;
const STOCK = 2_000_000_000;
const BALANCE = '100000000.00';

/** Creates products, customers and wallets, in Souk and in the schema of the floors. */
export async function createTestData({ urls, credentials }: PrivateSystem, database: Connection): Promise<TestData> {
  const headers: Headers = { 'content-type': 'application/json' };
  if (credentials.adminApiKey) headers['x-api-key'] = credentials.adminApiKey;

  const products = Array.from({ length: PRODUCTS }, (_, index) => `product-${index}`);
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `customer-${index}`);
  await forEach(products, (id) =>
    ask(headers, 'PUT', `${urls.cartApi}/products/${id}`, { productName: id, quantity: STOCK, unitPrice: '0.01' }),
  );
  const accounts = await forEach(customers, (reference) =>
    ask<{ wallet: { id: string } }>(headers, 'POST', `${urls.walletApi}/accounts`, {
      ...{ reference, initial_balance: BALANCE },
    }),
  );
  const wallets = await forEach(Array.from({ length: WALLETS }), () =>
    ask<{ id: string }>(headers, 'POST', `${urls.walletApi}/api/v1/wallets/`),
  );
  const walletIds = wallets.map(({ id }) => id);
  await createFloorSchema(database, { products, wallets: [...customers, ...walletIds] });
  return { headers, products, customers, walletIds, fundedWalletIds: accounts.map(({ wallet }) => wallet.id) };
}
