import fc from 'fast-check';
import { dispense, type Stock } from '.';
import { payableAmounts } from './payable-amounts';

/**
 * The fewest pieces for every sum and every number of coins, found by trying one more piece at a time, with bills and coins in
 * one table: slow, but too simple to get wrong.
 */
function fewestPieces(stock: Stock[], sumMax: number, coinsMax: number): number[][] {
  let table = Array.from({ length: coinsMax + 1 }, () => new Array<number>(sumMax + 1).fill(Infinity));
  table[0]![0] = 0;
  for (const { denomination, count } of stock) {
    const [value, coin] = [Number(denomination.value), denomination.kind === 'coin' ? 1 : 0];
    table = table.map((row, coins) =>
      row.map((_, sum) => {
        let fewest = Infinity;
        for (let used = 0; used <= count && used * value <= sum && used * coin <= coins; used++) {
          fewest = Math.min(fewest, table[coins - used * coin]![sum - used * value]! + used);
        }
        return fewest;
      }),
    );
  }
  return table;
}

const SUM_MAX = 200;
const COINS_MAX = 12;
const stocks: fc.Arbitrary<Stock[]> = fc.uniqueArray(
  fc.record({
    denomination: fc.record({
      value: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(1, 5, 10, 25, 50, 100)).map(BigInt),
      kind: fc.constantFrom('bill', 'coin'),
    }),
    count: fc.oneof(fc.nat(12), fc.constant(1_000_000)),
  }),
  { minLength: 1, maxLength: 8, selector: ({ denomination: { value, kind } }) => `${kind} ${value}` },
);

test('even from a large stock, every amount is paid with the fewest pieces, or refused if no mix pays it', () => {
  const limits = { amountMax: BigInt(SUM_MAX), coinsMax: COINS_MAX };
  const check = fc.property(
    stocks,
    fc.array(fc.integer({ min: 1, max: SUM_MAX }), { minLength: 5, maxLength: 20 }),
    (stock, amounts) => {
      const table = fewestPieces(stock, SUM_MAX, COINS_MAX);
      const fewest = Array.from({ length: SUM_MAX + 1 }, (_, sum) => Math.min(...table.map((row) => row[sum]!)));
      expect(Number(payableAmounts(stock, limits).max())).toBe(fewest.findLastIndex((pieces) => pieces < Infinity));
      for (const amount of amounts) {
        const result = dispense(stock, BigInt(amount), limits);
        expect(result.ok).toBe(fewest[amount]! < Infinity);
        if (!result.ok) continue;
        const { pieces } = result;
        const sumOf = (valueOf: (piece: (typeof pieces)[number]) => number) =>
          pieces.reduce((sum, piece) => sum + valueOf(piece), 0);
        expect(sumOf(({ denomination, count }) => Number(denomination.value) * count)).toBe(amount);
        expect(sumOf(({ count }) => count)).toBe(fewest[amount]);
        expect(sumOf(({ denomination, count }) => (denomination.kind === 'coin' ? count : 0))).toBeLessThanOrEqual(
          COINS_MAX,
        );
        for (const { denomination, count } of pieces) {
          expect(stock.find((entry) => entry.denomination === denomination)!.count).toBeGreaterThanOrEqual(count);
        }
      }
    },
  );
  fc.assert(check, { numRuns: 60 });
});
