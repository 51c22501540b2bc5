import { REPEATED_SCENARIO_NAMES } from './scenario-names';
import { listCases, type TestData } from './scenarios';

const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index}`);
const stage: TestData = {
  headers: {},
  products: names('product', 8),
  customers: names('customer', 300),
  walletIds: names('wallet', 300),
  fundedWalletIds: names('funded', 300),
};
const bodyOf = ({ body }: { body?: string }) => JSON.parse(body!) as Record<string, string>;

test('each case has an operation for every connection', () => {
  for (const { operations, connections } of listCases(REPEATED_SCENARIO_NAMES, stage))
    expect(operations.length).toBeGreaterThanOrEqual(connections);
});

test('a checkout has two different products, one of them shared by all if it is hot', () => {
  const cases = listCases(['checkouts'], stage);
  for (const { operations, name } of cases) {
    const carts = operations.map(([first, second]) => [bodyOf(first!)['productID'], bodyOf(second!)['productID']]);
    expect(carts.every(([first, second]) => first !== second)).toBe(true);
    expect(carts.every((cart) => cart.includes('product-0'))).toBe(name.includes('hot'));
  }
});

describe('transfers', () => {
  const cases = listCases(['transfers'], stage);
  const transfersOf = (index: number) => cases[index]!.operations.map(([request]) => bodyOf(request!));

  test('run on 64 connections, with wallets drawn from two distributions', () =>
    expect(cases.map(({ name, api }) => [name, api])).toEqual([
      ['transfers, Zipf 1.0, 64 connections', 'walletApi'],
      ['transfers, Zipf 2.0, 64 connections', 'walletApi'],
    ]));

  test('move money between two different wallets that have some', () => {
    const funded = new Set(stage.fundedWalletIds);
    const isValid = ({ from_wallet_id: from, to_wallet_id: to }: Record<string, string>) =>
      from !== to && funded.has(from!) && funded.has(to!);
    expect([...transfersOf(0), ...transfersOf(1)].filter((transfer) => !isValid(transfer))).toEqual([]);
  });

  test('use the most popular wallet much more often with the higher exponent', () => {
    const sharesOfFirst = [0, 1].map((index) => {
      const transfers = transfersOf(index);
      return transfers.filter(({ from_wallet_id: from }) => from === 'funded-0').length / transfers.length;
    });
    expect(sharesOfFirst[0]).toBeCloseTo(0.16, 1);
    expect(sharesOfFirst[1]).toBeCloseTo(0.61, 1);
  });

  test('are the same in every run', () => expect(listCases(['transfers'], stage)).toEqual(cases));
});

test('with the same connections everywhere, equal cases run once', () => {
  expect(listCases(['adds', 'checkouts'], stage, 16).map(({ name }) => name)).toEqual([
    'adds, 16 connections',
    'checkouts, spread, 16 connections',
    'checkouts, one hot product, 16 connections',
  ]);
});
