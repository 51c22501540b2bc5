import type { Minor } from '@souk/money';
import type { Dispensed, Limits, Nearest, Piece, Stock } from './cash';
import { chooseMix } from './choose-mix';
import { isGreedyOptimal, payGreedily } from './greedy';
import { payableAmounts } from './payable-amounts';
import { canAddUpTo } from './subset-sums';
import { usableDenominations } from './usable-denominations';

/**
 * Chooses the pieces that pay an amount exactly, or returns the reason why it can't be paid. If the stock can pay the amount
 * within the coin limit, a mix is always found.
 *
 * It takes a mix with the fewest pieces, bills and coins together, and among those preserves scarce denominations: they are
 * ordered by pieces held (fewest first), then by value (smallest first), then coins before bills. The mix takes the fewest
 * pieces of the first denomination, among those mixes the fewest of the second, and so on.
 * @param amount more than zero and within the limits; the caller has already refused all others
 * @returns the pieces, larger values first
 */
export function dispense(stock: readonly Stock[], amount: Minor, limits: Limits): Dispensed {
  const { isPayable, pieces } = payInFull(stock, amount, limits.coinsMax);
  if (pieces) return { ok: true, pieces: pieces.toSorted(byValue) };
  if (isPayable) return { ok: false, refusal: { code: 'TOO_MANY_COINS' } };
  const payable = payableAmounts(stock, limits);
  const max = payable.max();
  if (amount > max) return { ok: false, refusal: { code: 'INSUFFICIENT_FUNDS', maxPayable: max } };
  return { ok: false, refusal: { code: 'NOT_PAYABLE', ...payable.nearest(amount) } };
}

/** @returns the payable amounts next to an amount, within the limits; the amount itself is ignored */
export function nearest(stock: readonly Stock[], amount: Minor, limits: Limits): Nearest {
  return payableAmounts(stock, limits).nearest(amount);
}

/** `isPayable` ignores the coin limit. */
function payInFull(stock: readonly Stock[], amount: Minor, coinsMax: number): { isPayable: boolean; pieces?: Piece[] } {
  const denominations = usableDenominations(stock, amount);
  const sum = Number(amount);
  if (!isGreedyOptimal(denominations)) {
    const isPayable = canAddUpTo(denominations, sum);
    return { isPayable, pieces: isPayable ? chooseMix(denominations, sum, coinsMax) : undefined };
  }
  const pieces = payGreedily(denominations, sum);
  return { isPayable: pieces !== undefined, pieces: pieces && coinsOf(pieces) <= coinsMax ? pieces : undefined };
}

function coinsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { denomination, count }) => sum + (denomination.kind === 'coin' ? count : 0), 0);
}

function byValue({ denomination: a }: Piece, { denomination: b }: Piece): number {
  return Number(b.value - a.value) || (a.kind === 'bill' ? -1 : 1);
}
