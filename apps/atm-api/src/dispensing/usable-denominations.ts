import type { Minor } from '@souk/money';
import assert from 'node:assert/strict';
import type { Denomination, Kind, Stock } from './cash';

/** A denomination that can be part of a payment, with plain numbers, because they are used as table indexes. */
export interface UsableDenomination {
  denomination: Denomination;
  kind: Kind;
  value: number;
  /** Capped at the number that fits into `sumMax`, so value × count never exceeds it. */
  count: number;
}

/**
 * The denominations of a stock that can be part of a sum of at most `sumMax`, scarcest first: by pieces held (fewest first),
 * then by value (smallest first, because more amounts need small pieces), then coins before bills. The order of the stock doesn't
 * matter.
 */
export function usableDenominations(stock: readonly Stock[], sumMax: Minor): UsableDenomination[] {
  assert(sumMax <= Number.MAX_SAFE_INTEGER, `sumMax ${sumMax} is not a safe integer`);
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

function byScarcity(a: Stock, b: Stock): number {
  const byValue = Number(a.denomination.value - b.denomination.value);
  return a.count - b.count || byValue || (a.denomination.kind === 'coin' ? -1 : 1);
}

/** The largest unit that all values are multiples of; 1 if there are no values. */
export function unitOf(values: readonly number[]): number {
  return values.reduce(greatestCommonDivisor, 0) || 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The largest sum that at most `coinsMax` of the coins can pay. */
export function largestSum(coins: readonly UsableDenomination[], coinsMax: number): number {
  let remaining = coinsMax;
  let sum = 0;
  for (const { value, count } of coins.toSorted((a, b) => b.value - a.value)) {
    const used = Math.min(count, remaining);
    sum += used * value;
    remaining -= used;
  }
  return sum;
}
