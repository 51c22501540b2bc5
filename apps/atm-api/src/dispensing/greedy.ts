import type { Piece } from './cash';
import type { UsableDenomination } from './usable-denominations';

/**
 * Whether paying with the largest pieces first is optimal: each value divides the next larger one, and every coin is worth less
 * than every bill.
 *
 * Proof: Suppose the values of some pieces divide d, each value divides the next larger one, and the pieces are worth d or more.
 * Then some of them are worth exactly d: add them up from the largest down; the running sum is always a multiple of the next
 * piece, so it can't jump past d. So if a mix takes fewer pieces of the largest value d than it could, two or more of its smaller
 * pieces are worth d. Replacing them with one piece worth d pays the same with fewer pieces, and with no more coins: if d is a
 * coin, all smaller pieces are coins. Step by step, any mix becomes the greedy one. So the greedy mix exists if any mix does, and
 * it has the fewest pieces and the fewest coins. No other mix has as few pieces, so there are no ties.
 */
export function isGreedyOptimal(denominations: readonly UsableDenomination[]): boolean {
  const descending = denominations.toSorted(byValue);
  return descending.every(({ value, kind }, index) => {
    const next = descending[index + 1];
    return !next || (next.value < value && value % next.value === 0 && (kind === 'bill' || next.kind === 'coin'));
  });
}

/** @returns as many pieces as fit, the largest first; `undefined` if they don't add up to the amount */
export function payGreedily(denominations: readonly UsableDenomination[], amount: number): Piece[] | undefined {
  const pieces: Piece[] = [];
  let remaining = amount;
  for (const { denomination, value, count } of denominations.toSorted(byValue)) {
    const used = Math.min(count, Math.floor(remaining / value));
    remaining -= used * value;
    if (used > 0) pieces.push({ denomination, count: used });
  }
  return remaining === 0 ? pieces : undefined;
}

const byValue = (a: UsableDenomination, b: UsableDenomination) => b.value - a.value;
