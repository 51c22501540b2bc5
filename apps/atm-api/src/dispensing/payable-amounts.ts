import type { Minor } from '@souk/money';
import type { Limits, Nearest, Stock } from './cash';
import { changeTable } from './change-table';
import { usableDenominations, largestSum } from './usable-denominations';

/** The amounts above zero that one withdrawal can pay from a stock within the limits. */
interface PayableAmounts {
  /** @returns the largest amount; zero if nothing can be paid */
  max(): Minor;
  /** @returns the nearest payable amounts below and above; the amount itself is ignored */
  nearest(amount: Minor): Nearest;
}

/**
 * The last result for each machine. Refusals come in batches and leave the stock unchanged, so the next one needs the same
 * result. A machine keeps the same limits object while it runs, so machines don't evict each other, and the entry of a machine
 * that no longer exists is garbage-collected.
 */
const lastResults = new WeakMap<Limits, { key: string; payable: PayableAmounts }>();

/** Returns the cached result if the stock and the limits are those of the previous call. */
export function payableAmounts(stock: readonly Stock[], limits: Limits): PayableAmounts {
  const key = keyOf(stock);
  const lastResult = lastResults.get(limits);
  if (lastResult?.key === key) return lastResult.payable;
  const payable = computePayable(stock, limits);
  lastResults.set(limits, { key, payable });
  return payable;
}

const keyOf = (stock: readonly Stock[]) =>
  stock.map(({ denomination: { kind, value }, count }) => `${kind} ${value} ${count}`).join();

/** Every payable amount is a sum of bills plus a sum of few enough coins, so only the sums of each side are kept. */
function computePayable(stock: readonly Stock[], { amountMax, coinsMax }: Limits): PayableAmounts {
  const denominations = usableDenominations(stock, amountMax);
  const limit = Number(amountMax);
  const coinDenominations = denominations.filter(({ kind }) => kind === 'coin');
  const bills = changeTable(
    denominations.filter(({ kind }) => kind === 'bill'),
    limit,
  ).sums();
  const coins = changeTable(
    coinDenominations,
    Math.min(limit, largestSum(coinDenominations, coinsMax)),
    coinsMax,
  ).sums();

  // As the bills' sum rises, the coins' share falls, so one pass over both is enough.
  const largestUpTo = (bound: number): number => {
    let largest = 0;
    let coinIndex = coins.length - 1;
    for (const billSum of bills) {
      if (billSum > bound) break;
      while (billSum + coins[coinIndex]! > bound) coinIndex--;
      largest = Math.max(largest, billSum + coins[coinIndex]!);
    }
    return largest;
  };
  const smallestFrom = (bound: number): number => {
    let smallest = Infinity;
    let coinIndex = coins.length - 1;
    for (const billSum of bills) {
      while (coinIndex > 0 && billSum + coins[coinIndex - 1]! >= bound) coinIndex--;
      if (billSum + coins[coinIndex]! >= bound) smallest = Math.min(smallest, billSum + coins[coinIndex]!);
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
