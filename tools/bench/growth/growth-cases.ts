import type { LoadRequest, Operation } from '../load/load';
import type { PrivateSystem } from '../system/private-system';
import type { FilledSystem } from './filled-system';
import type { GrowthData } from './growth-data';

export interface GrowthCase {
  name: string;
  api: 'cartApi' | 'walletApi';
  operations: Operation[];
  hasKeys?: true;
}

const headersFor = ({ credentials }: Pick<PrivateSystem, 'credentials'>): Record<string, string> => ({
  'content-type': 'application/json',
  ...(credentials.adminApiKey && { 'x-api-key': credentials.adminApiKey }),
});

/** @returns what customers change and read, using rows spread evenly over the tables */
export function listGrowthCases({ system, data }: Pick<FilledSystem, 'system' | 'data'>): GrowthCase[] {
  const headers = headersFor(system);
  const post = (path: string, body: object): LoadRequest => ({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify(body),
  });
  const add = (clientID: string, productID: string) => post('/addToCart', { clientID, productID, quantity: 1 });
  const productAt = (index: number) => data.products[index % data.products.length]!;
  const deposits = data.walletIds.map((id) => [
    post(`/api/v1/wallets/${id}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' }),
  ]);
  const changes: GrowthCase[] = [
    {
      ...{ name: 'adds', api: 'cartApi' },
      operations: data.adders.map((clientID, index) => [add(clientID, productAt(index))]),
    },
    {
      ...{ name: 'checkouts', api: 'cartApi' },
      operations: data.buyers.map((clientID, index) => [
        add(clientID, productAt(2 * index)),
        add(clientID, productAt(2 * index + 1)),
        post('/checkOutCart', { clientID }),
      ]),
    },
    { name: 'deposits', api: 'walletApi', operations: deposits },
    { name: 'deposits with a key', api: 'walletApi', operations: deposits, hasKeys: true },
  ];
  return [...changes, ...readingCases(data, headers)];
}

function readingCases(data: GrowthData, headers: Record<string, string>): GrowthCase[] {
  const { largest } = data;
  const reading = (name: string, api: GrowthCase['api'], paths: readonly string[]): GrowthCase => ({
    ...{ name, api },
    operations: data.orderIds.map((_, index) => [{ method: 'GET', path: paths[index % paths.length]!, headers }]),
  });
  return [
    reading(
      'an order',
      'cartApi',
      data.orderIds.map((id) => `/orders/${id}`),
    ),
    reading(
      'ten orders of a client',
      'cartApi',
      data.buyers.map((id) => `/orders?clientID=${id}&limit=10`),
    ),
    reading('the orders of the largest client', 'cartApi', [`/orders?clientID=${largest.clientId}`]),
    reading('a deep page of them', 'cartApi', [`/orders?clientID=${largest.clientId}&after=${largest.deepOrder}`]),
    reading(
      'ten lines of an account statement',
      'walletApi',
      data.accountIds.map((id) => `/accounts/${id}/transactions?limit=10`),
    ),
    reading('the largest account statement', 'walletApi', [`/accounts/${largest.accountId}/transactions`]),
    reading('a deep page of it', 'walletApi', [
      `/accounts/${largest.accountId}/transactions?after=${largest.deepLine}`,
    ]),
    reading('products', 'cartApi', ['/products']),
    reading('a deep page of them', 'cartApi', [`/products?after=${data.deepProduct}`]),
  ];
}
