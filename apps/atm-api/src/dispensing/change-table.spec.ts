import { CELLS_MAX, cellsOf, type Denomination } from '.';

const LIMITS = { amountMax: 200_000n, coinsMax: 50 };
const denominationsOf = (kind: Denomination['kind'], ...values: bigint[]) => values.map((value) => ({ kind, value }));

test('a table has one cell per denomination and step, up to the largest sum that a withdrawal can pay in that kind', () => {
  expect(cellsOf(denominationsOf('bill', 20_000n, 10_000n, 2_000n), LIMITS)).toBe(101 * 3);
  expect(cellsOf(denominationsOf('coin', 1_000n, 500n, 100n, 10n, 1n), LIMITS)).toBe(50_001 * 5);
});

test('eight denominations of any value stay below the cell limit for amounts up to 2000.00', () => {
  expect(cellsOf(denominationsOf('bill', 19_997n, 9_991n, 2_003n, 701n, 331n, 101n, 7n, 1n), LIMITS)).toBeLessThan(
    CELLS_MAX,
  );
});
