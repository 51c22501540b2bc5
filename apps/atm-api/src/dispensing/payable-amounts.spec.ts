import type { Stock } from '.';
import { payableAmounts } from './payable-amounts';

const LIMITS = { amountMax: 10_000n, coinsMax: 5 };
const stockOf = (bills: number, coins: number): Stock[] => [
  { denomination: { kind: 'bill', value: 2_000n }, count: bills },
  { denomination: { kind: 'coin', value: 100n }, count: coins },
];

test('payable amounts are not recomputed while the stock and the limits stay the same', () => {
  expect(payableAmounts(stockOf(2, 3), LIMITS)).toBe(payableAmounts(stockOf(2, 3), LIMITS));
});

test('payable amounts are computed once per machine, even if several machines are queried in turn', () => {
  const machines = [{ ...LIMITS }, { ...LIMITS }, { ...LIMITS }];
  const queryAll = () => machines.map((limits, index) => payableAmounts(stockOf(index, 3), limits));
  const firstResults = queryAll();
  queryAll().forEach((payable, index) => expect(payable).toBe(firstResults[index]));
});

test('payable amounts are recomputed for another stock or other limits', () => {
  const maxima = [
    payableAmounts(stockOf(2, 3), LIMITS),
    payableAmounts(stockOf(2, 2), LIMITS),
    payableAmounts(stockOf(2, 2), { ...LIMITS, coinsMax: 1 }),
    payableAmounts(stockOf(2, 2), { ...LIMITS, amountMax: 2_100n }),
  ].map((payable) => payable.max());
  expect(maxima).toEqual([4_300n, 4_200n, 4_100n, 2_100n]);
});
