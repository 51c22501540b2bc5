import fc from 'fast-check';
import assert from 'node:assert/strict';
import { dispense, nearest } from '.';
import type { Denomination, Dispensed, Kind, Limits, Piece, Refusal, Stock } from '.';
import { payableAmounts } from './payable-amounts';

const stockOf = (kind: Kind, held: [value: number, count: number][]): Stock[] =>
  held.map(([value, count]) => ({ denomination: { value: BigInt(value), kind }, count }));
const LIMITS: Limits = { amountMax: 200_000n, coinsMax: 50 };

/** @returns the dispensed pieces in short, such as `3 bill 2000`, or the refusal */
function resultOf(stock: Stock[], amount: bigint, limits = LIMITS) {
  const result = dispense(stock, amount, limits);
  if (!result.ok) return result.refusal;
  return result.pieces.map(({ denomination: { kind, value }, count }) => `${count} ${kind} ${value}`).join(', ');
}

const INITIAL = [
  ...stockOf('bill', [
    [20_000, 7],
    [10_000, 4],
    [2_000, 15],
  ]),
  ...stockOf('coin', [
    [1_000, 10],
    [500, 1],
    [100, 10],
    [10, 12],
    [1, 21],
  ]),
];

test('60 is paid from one 50 and three 20s, where paying the largest first fails', () => {
  const stock = stockOf('bill', [
    [5_000, 1],
    [2_000, 3],
  ]);
  expect(resultOf(stock, 6_000n)).toBe('3 bill 2000');
});

test('0.30 is paid with three coins of 0.10', () => {
  expect(resultOf(INITIAL, 30n)).toBe('3 coin 10');
});

test('200.90 is paid with a bill of 200 and nine coins of 0.10', () => {
  expect(resultOf(INITIAL, 20_090n)).toBe('1 bill 20000, 9 coin 10');
});

test('bills are used if paying with coins would exceed the coin limit', () => {
  const stock = [...stockOf('bill', [[3_000, 4]]), ...stockOf('coin', [[5_000, 2], [1_000, 9]])]; // prettier-ignore
  expect(resultOf(stock, 12_000n, { ...LIMITS, coinsMax: 2 })).toBe('4 bill 3000');
});

test('of two mixes with equally few pieces, the one that preserves scarce denominations is paid', () => {
  const mixes = (count: Record<number, number>) =>
    stockOf('coin', Object.entries(count).map(([value, held]) => [Number(value), held])); // prettier-ignore
  expect(resultOf(mixes({ 10: 5, 20: 5, 30: 2, 40: 9 }), 50n)).toBe('1 coin 40, 1 coin 10');
  expect(resultOf(mixes({ 10: 2, 20: 5, 30: 3, 40: 9 }), 50n)).toBe('1 coin 30, 1 coin 20');
});

test('smaller bills are not replaced by a coin if that leaves too few coins for the rest', () => {
  const stock = [...stockOf('bill', [[500, 2]]), ...stockOf('coin', [[1_000, 1], [1, 2]])]; // prettier-ignore
  expect(resultOf(stock, 1_002n, { ...LIMITS, coinsMax: 2 })).toBe('2 bill 500, 2 coin 1');
});

test('among equally scarce denominations the smaller value is preserved, then the coin', () => {
  // The other mix of three pieces is two of 2.00 and one of 0.10.
  expect(resultOf(stockOf('coin', [[10, 5], [60, 5], [200, 5], [290, 5]]), 410n)).toBe('1 coin 290, 2 coin 60'); // prettier-ignore
  expect(resultOf([...stockOf('coin', [[100, 5]]), ...stockOf('bill', [[100, 5]])], 300n)).toBe('3 bill 100');
});

test('TOO_MANY_COINS is returned only if more coins than the limit could pay the amount', () => {
  const stock = [...stockOf('bill', [[2_000, 1]]), ...stockOf('coin', [[1, 60]])];
  expect(resultOf(stock, 50n)).toBe('50 coin 1');
  expect(resultOf(stock, 51n)).toEqual({ code: 'TOO_MANY_COINS' });
  expect(resultOf(stock, 61n)).toEqual({ code: 'NOT_PAYABLE', below: 50n, above: 2_000n });
});

test('an amount that exceeds the largest payable amount is refused, and the refusal contains the largest', () => {
  const stock = [...stockOf('bill', [[2_000, 3]]), ...stockOf('coin', [[100, 4]])];
  expect(resultOf(stock, 6_401n)).toEqual({ code: 'INSUFFICIENT_FUNDS', maxPayable: 6_400n });
  expect(payableAmounts(stock, LIMITS).max()).toBe(6_400n);
  expect(payableAmounts(stock, { ...LIMITS, amountMax: 5_000n }).max()).toBe(4_400n);
  expect(payableAmounts(stock, { ...LIMITS, coinsMax: 3 }).max()).toBe(6_300n);
});

test('an empty machine pays nothing', () => {
  const empty = stockOf('bill', [[2_000, 0]]);
  expect(resultOf(empty, 2_000n)).toEqual({ code: 'INSUFFICIENT_FUNDS', maxPayable: 0n });
  expect(resultOf([], 1n)).toEqual({ code: 'INSUFFICIENT_FUNDS', maxPayable: 0n });
  expect(nearest(empty, 2_000n, LIMITS)).toEqual({ below: null, above: null });
});

test('nearest amounts above the limit are left out', () => {
  const stock = stockOf('bill', [[7_000, 100]]);
  expect(nearest(stock, 199_000n, LIMITS)).toEqual({ below: 196_000n, above: null });
});

interface Mix {
  total: number;
  pieces: number;
  coins: number;
  /** How many pieces of each denomination, in the order of the stock. */
  counts: number[];
}

/** Every possible mix, including the empty one. */
function everyMix(stock: Stock[]): Mix[] {
  let mixes: Mix[] = [{ total: 0, pieces: 0, coins: 0, counts: [] }];
  for (const { denomination, count } of stock) {
    const [value, coin] = [Number(denomination.value), denomination.kind === 'coin' ? 1 : 0];
    const largerMixes: Mix[] = [];
    for (const { total, pieces, coins, counts } of mixes) {
      for (let added = 0; added <= count; added++) {
        const next = { total: total + value * added, pieces: pieces + added, coins: coins + coin * added };
        largerMixes.push({ ...next, counts: counts.concat(added) });
      }
    }
    mixes = largerMixes;
  }
  return mixes;
}

/** Indexes of the stock, scarcest first, as the doc comment of `dispense` defines it. */
function indexesByScarcity(stock: Stock[]): number[] {
  const key = ({ denomination: { value, kind }, count }: Stock) =>
    [count, Number(value), kind === 'coin' ? 0 : 1].map((part) => String(part).padStart(12, '0')).join();
  return [...stock.keys()].sort((a, b) => (key(stock[a]!) < key(stock[b]!) ? -1 : 1));
}

/** The mix that the rules choose, found by brute force. */
function bestMix(stock: Stock[], mixes: Mix[]): Mix | undefined {
  const fewest = Math.min(...mixes.map(({ pieces }) => pieces));
  let remaining = mixes.filter(({ pieces }) => pieces === fewest);
  for (const index of indexesByScarcity(stock)) {
    const least = Math.min(...remaining.map(({ counts }) => counts[index]!));
    remaining = remaining.filter(({ counts }) => counts[index] === least);
  }
  return remaining[0];
}

/** The payable amounts next to an amount, and the largest one. */
function payableAround(allowedMixes: Mix[], amount: number) {
  let [below, above, max] = [0, Infinity, 0];
  for (const { total } of allowedMixes) {
    if (total < amount) below = Math.max(below, total);
    if (total > amount) above = Math.min(above, total);
    max = Math.max(max, total);
  }
  return { below: below > 0 ? BigInt(below) : null, above: above < Infinity ? BigInt(above) : null, max: BigInt(max) };
}

function piecesOf(stock: Stock[], { counts }: Mix): Piece[] {
  return stock
    .map(({ denomination }, index) => ({ denomination, count: counts[index]! }))
    .filter(({ count }) => count > 0)
    .sort(({ denomination: a }, { denomination: b }) =>
      a.value === b.value ? (a.kind === 'bill' ? -1 : 1) : Number(b.value - a.value),
    );
}

/** The result that the rules require. */
function expectedResult(stock: Stock[], mixes: Mix[], allowedMixes: Mix[], amount: number): Dispensed {
  const refused = (refusal: Refusal): Dispensed => ({ ok: false, refusal });
  const pays = ({ total }: Mix) => total === amount;
  const chosen = bestMix(stock, allowedMixes.filter(pays));
  if (chosen) return { ok: true, pieces: piecesOf(stock, chosen) };
  if (mixes.some(pays)) return refused({ code: 'TOO_MANY_COINS' });
  const { below, above, max } = payableAround(allowedMixes, amount);
  if (amount > max) return refused({ code: 'INSUFFICIENT_FUNDS', maxPayable: max });
  return refused({ code: 'NOT_PAYABLE', below, above });
}

const VALUES = [
  [20_000, 10_000, 2_000, 1_000, 500, 100, 10, 1],
  [1, 3, 4],
  [25, 10, 4],
  [3, 7, 10, 50, 100],
  [1, 2, 4, 8, 16],
  [5_000, 2_000, 1_000, 200, 50, 20, 5, 1],
  [2, 6, 9, 15, 20],
];
const values = fc.oneof(
  fc
    .constantFrom(...VALUES)
    .chain((valueList) => fc.subarray(valueList, { minLength: 1, maxLength: Math.min(4, valueList.length) })),
  fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
);
/** Either all coins are worth less than all bills, or kinds are arbitrary and a value may be both a bill and a coin. */
const denominations = fc.oneof<fc.Arbitrary<Denomination[]>[]>(
  fc
    .tuple(values, fc.constantFrom(0, 4, 10, 100, 20_001))
    .map(([valueList, billsFrom]) =>
      valueList.map((value) => ({ value: BigInt(value), kind: value < billsFrom ? 'coin' : 'bill' })),
    ),
  values.chain((valueList) =>
    fc.uniqueArray(
      fc.record({ value: fc.constantFrom(...valueList).map(BigInt), kind: fc.constantFrom<Kind>('bill', 'coin') }),
      { minLength: 1, maxLength: 4, selector: ({ value, kind }) => `${kind} ${value}` },
    ),
  ),
);
const stocks: fc.Arbitrary<Stock[]> = denominations.chain((denominationList) =>
  fc.tuple(
    ...denominationList.map((denomination) => fc.record({ denomination: fc.constant(denomination), count: fc.nat(4) })),
  ),
);
const cases = fc.record({
  stock: stocks,
  coinsMax: fc.oneof(fc.nat(6), fc.constant(50)),
  /** The amount: the total of mix number `mixIndex`, plus `offset`. */
  mixIndex: fc.nat(),
  offset: fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 20 })),
  /** The amount limit in tenths of the stock's worth; raised to the amount if that is larger. */
  limitTenths: fc.integer({ min: 1, max: 12 }),
});

test('exactly the payable amounts are paid, with the mix that the rules choose (checked by brute force)', () => {
  const resultCounts = { ok: 0, TOO_MANY_COINS: 0, INSUFFICIENT_FUNDS: 0, NOT_PAYABLE: 0 };
  const check = fc.property(cases, ({ stock, coinsMax, mixIndex, offset, limitTenths }) => {
    const mixes = everyMix(stock);
    const amount = Math.max(1, mixes[mixIndex % mixes.length]!.total + offset);
    const amountMax = Math.max(amount, Math.floor((mixes.at(-1)!.total * limitTenths) / 10));
    const allowedMixes = mixes.filter(({ total, coins }) => total > 0 && total <= amountMax && coins <= coinsMax);
    const limits = { amountMax: BigInt(amountMax), coinsMax };

    const result = dispense(stock, BigInt(amount), limits);
    assert.deepEqual(result, expectedResult(stock, mixes, allowedMixes, amount));
    const actual = { ...nearest(stock, BigInt(amount), limits), max: payableAmounts(stock, limits).max() };
    assert.deepEqual(actual, payableAround(allowedMixes, amount));
    resultCounts[result.ok ? 'ok' : result.refusal.code]++;
  });
  fc.assert(check, { numRuns: 20_000 });
  for (const count of Object.values(resultCounts)) expect(count).toBeGreaterThan(500); // each kind of result was tested
}, 120_000);
