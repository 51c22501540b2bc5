import type { Minor } from '@souk/money';
import type { Limits, Nearest, Stock } from './cash';
import { changeTable } from './change-table';
import { heldFor, largestSum } from './held';

/** What one withdrawal can pay from a stock within the limits, zero aside. */
export interface PayableAmounts {
  /** @returns the largest; zero when nothing can be paid */
  max(): Minor;
  /** @returns the nearest payable amounts on both sides; the amount itself is not looked at */
  nearest(amount: Minor): Nearest;
}

/**
 * Of the stock that each machine was asked about last: refusals leave it as it is, and come in batches. A machine has its limits
 * as one object for as long as it runs, so machines don't drive out each other, and nothing is left of one that is gone.
 */
const last = new WeakMap<Limits, { key: string; payable: PayableAmounts }>();

/** The same again costs nothing. */
export function payableAmounts(stock: readonly Stock[], limits: Limits): PayableAmounts {
  const key = keyOf(stock);
  const known = last.get(limits);
  if (known?.key === key) return known.payable;
  const payable = computePayable(stock, limits);
  last.set(limits, { key, payable });
  return payable;
}

const keyOf = (stock: readonly Stock[]) =>
  stock.map(({ denomination: { kind, value }, count }) => `${kind} ${value} ${count}`).join();

/** Every payable amount is a sum of bills and a sum of few enough coins, so the sums of each side are all that is kept. */
function computePayable(stock: readonly Stock[], { amountMax, coinsMax }: Limits): PayableAmounts {
  const held = heldFor(stock, amountMax);
  const limit = Number(amountMax);
  const coinsHeld = held.filter(({ kind }) => kind === 'coin');
  const bills = changeTable(
    held.filter(({ kind }) => kind === 'bill'),
    limit,
  ).sums();
  const coins = changeTable(coinsHeld, Math.min(limit, largestSum(coinsHeld, coinsMax)), coinsMax).sums();

  // As the bills rise, what the coins have to pay falls: one walk through both.
  const largestUpTo = (bound: number): number => {
    let largest = 0;
    let coin = coins.length - 1;
    for (const bill of bills) {
      if (bill > bound) break;
      while (bill + coins[coin]! > bound) coin--;
      largest = Math.max(largest, bill + coins[coin]!);
    }
    return largest;
  };
  const smallestFrom = (bound: number): number => {
    let smallest = Infinity;
    let coin = coins.length - 1;
    for (const bill of bills) {
      while (coin > 0 && bill + coins[coin - 1]! >= bound) coin--;
      if (bill + coins[coin]! >= bound) smallest = Math.min(smallest, bill + coins[coin]!);
    }
    return smallest;
  };

  const max = BigInt(largestUpTo(limit));
  return {
    max: () => max,
    nearest: (amount) => {
      const below = largestUpTo(Math.min(Number(amount) - 1, limit));
      const above = smallestFrom(Number(amount) + 1);
      return { below: below > 0 ? BigInt(below) : null, above: above <= limit ? BigInt(above) : null };
    },
  };
}
