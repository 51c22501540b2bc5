import { listCases, type TestData } from './scenarios';

const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index}`);
const stage: TestData = {
  headers: {},
  products: names('product', 8),
  customers: names('customer', 300),
  walletIds: names('wallet', 300),
};
const bodyOf = ({ body }: { body?: string }) => JSON.parse(body!) as { productID?: string };

test('each case has an operation for every connection', () => {
  for (const { operations, connections } of listCases(['adds', 'checkouts', 'deposits'], stage))
    expect(operations.length).toBeGreaterThanOrEqual(connections);
});

test('a checkout has two different products, one of them shared by all if it is hot', () => {
  const cases = listCases(['checkouts'], stage);
  for (const { operations, name } of cases) {
    const carts = operations.map(([first, second]) => [bodyOf(first!).productID, bodyOf(second!).productID]);
    expect(carts.every(([first, second]) => first !== second)).toBe(true);
    expect(carts.every((cart) => cart.includes('product-0'))).toBe(name.includes('hot'));
  }
});

test('with the same connections everywhere, equal cases run once', () => {
  expect(listCases(['adds', 'checkouts'], stage, 16).map(({ name }) => name)).toEqual([
    'adds, 16 connections',
    'checkouts, spread, 16 connections',
    'checkouts, one hot product, 16 connections',
  ]);
});
