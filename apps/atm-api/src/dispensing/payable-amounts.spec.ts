import type { Stock } from '.';
import { payableAmounts } from './payable-amounts';

const LIMITS = { amountMax: 10_000n, coinsMax: 5 };
const stockOf = (bills: number, coins: number): Stock[] => [
  { denomination: { kind: 'bill', value: 2_000n }, count: bills },
  { denomination: { kind: 'coin', value: 100n }, count: coins },
];

test('payable amounts are computed once while refusals leave the stock unchanged', () => {
  expect(payableAmounts(stockOf(2, 3), LIMITS)).toBe(payableAmounts(stockOf(2, 3), LIMITS));
});

test('payable amounts are computed once per machine if several are queried in turn', () => {
  const machines = [{ ...LIMITS }, { ...LIMITS }, { ...LIMITS }];
  const ask = () => machines.map((limits, index) => payableAmounts(stockOf(index, 3), limits));
  const first = ask();
  ask().forEach((payable, index) => expect(payable).toBe(first[index]));
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
