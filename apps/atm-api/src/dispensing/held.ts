import assert from 'node:assert/strict';
import type { Minor } from '@souk/money';
import type { Denomination, Kind, Stock } from './cash';

/** A denomination of which something can be paid, in plain numbers: they index tables. */
export interface Held {
  denomination: Denomination;
  kind: Kind;
  value: number;
  /** As many as the sum can use, which may be fewer than the machine holds: so value × count is never above the sum. */
  count: number;
}

/**
 * What of a stock can have a part in a sum of at most `sumMax`, the scarcest denomination first: that with the fewest pieces
 * held, among equals the smaller value, which more amounts need, then the coin. The order of the stock has no part in it.
 */
export function heldFor(stock: readonly Stock[], sumMax: Minor): Held[] {
  assert(sumMax <= Number.MAX_SAFE_INTEGER, `sums up to ${sumMax} do not fit a number`);
  return stock
    .filter(({ denomination, count }) => count > 0 && denomination.value <= sumMax)
    .toSorted(byScarcity)
    .map(({ denomination, count }) => {
      const value = Number(denomination.value);
      return {
        denomination,
        kind: denomination.kind,
        value,
        count: Math.min(count, Math.floor(Number(sumMax) / value)),
      };
    });
}

function byScarcity(
  { denomination: one, count: held }: Stock,
  { denomination: other, count: heldOther }: Stock,
): number {
  return held - heldOther || Number(one.value - other.value) || (one.kind === 'coin' ? -1 : 1);
}

/** The unit that all the values are multiples of; 1 where there are none. */
export function unitOf(values: readonly number[]): number {
  return values.reduce(greatestCommonDivisor, 0) || 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The largest sum of at most `coinsMax` of the coins. */
export function largestSum(coins: readonly Held[], coinsMax: number): number {
  let left = coinsMax;
  let sum = 0;
  for (const { value, count } of coins.toSorted((one, other) => other.value - one.value)) {
    const taken = Math.min(count, left);
    sum += taken * value;
    left -= taken;
  }
  return sum;
}
