import type { Minor } from '@souk/money';
import type { Dispensed, Limits, Nearest, Piece, Stock } from './cash';
import { chooseMix } from './choose-mix';
import { isGreedyExact, payGreedily } from './greedy';
import { heldFor } from './held';
import { payableAmounts } from './payable-amounts';
import { canAddUpTo } from './subset-sums';

/**
 * Chooses the pieces that pay an amount exactly, or tells why it is not paid. A payment that exists within the stock and within
 * the coin limit is always found.
 *
 * Of all the mixes it takes one with the fewest pieces, bills and coins together. Among those it keeps what is scarce: the
 * denominations are put in order, that with the fewest pieces held first, among equals the smaller value, then the coin;
 * and the mix chosen takes the fewest of the first, of those mixes the fewest of the second, and so on.
 * @param amount more than zero and within the limits: the caller has refused any other
 * @returns the pieces, larger values first
 */
export function dispense(stock: readonly Stock[], amount: Minor, limits: Limits): Dispensed {
  const mixes = payInFull(stock, amount, limits.coinsMax);
  if (mixes.pieces) return { ok: true, pieces: mixes.pieces.toSorted(byValue) };
  if (mixes.isPayable) return { ok: false, refusal: { code: 'TOO_MANY_COINS' } };
  const payable = payableAmounts(stock, limits);
  const max = payable.max();
  if (amount > max) return { ok: false, refusal: { code: 'INSUFFICIENT_FUNDS', maxPayable: max } };
  return { ok: false, refusal: { code: 'NOT_PAYABLE', ...payable.nearest(amount) } };
}

/** @returns the largest amount that one withdrawal can pay now, within the limits; zero when nothing can be paid */
export function maxPayable(stock: readonly Stock[], limits: Limits): Minor {
  return payableAmounts(stock, limits).max();
}

/** @returns the payable amounts next to an amount, which is not looked at itself, within the limits */
export function nearest(stock: readonly Stock[], amount: Minor, limits: Limits): Nearest {
  return payableAmounts(stock, limits).nearest(amount);
}

/** `isPayable`: by as many coins as it takes. */
function payInFull(stock: readonly Stock[], amount: Minor, coinsMax: number): { isPayable: boolean; pieces?: Piece[] } {
  const held = heldFor(stock, amount);
  const sum = Number(amount);
  if (!isGreedyExact(held)) {
    const isPayable = canAddUpTo(held, sum);
    return { isPayable, pieces: isPayable ? chooseMix(held, sum, coinsMax) : undefined };
  }
  const pieces = payGreedily(held, sum);
  return { isPayable: pieces !== undefined, pieces: pieces && coinsOf(pieces) <= coinsMax ? pieces : undefined };
}

function coinsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { denomination, count }) => sum + (denomination.kind === 'coin' ? count : 0), 0);
}

function byValue({ denomination: one }: Piece, { denomination: other }: Piece): number {
  return Number(other.value - one.value) || (one.kind === 'bill' ? -1 : 1);
}
