import type { Piece } from './cash';
import type { Held } from './held';

/**
 * Whether paying with the largest pieces first is exact: each value divides the next larger, and every coin is worth less
 * than every bill.
 *
 * Why it then is. Pieces whose values divide d and each other, and which are worth d or more, hold some that are worth
 * exactly d: add them up from the largest on, and the sum, always a multiple of the piece that comes next, cannot leap over
 * d. So a mix that takes fewer of the largest d than it could has two or more smaller pieces worth d, and one d in their place
 * pays the same with fewer pieces. It has no more coins either: if d is a coin, all that are smaller are coins. Step by
 * step any mix becomes the greedy one, which therefore exists when any does, and has the fewest pieces and the fewest coins;
 * no other has as few pieces, so nothing is left to choose.
 */
export function isGreedyExact(held: readonly Held[]): boolean {
  const falling = held.toSorted(byValue);
  return falling.every(({ value, kind }, index) => {
    const next = falling[index + 1];
    return !next || (next.value < value && value % next.value === 0 && (kind === 'bill' || next.kind === 'coin'));
  });
}

/** @returns the largest pieces first, as many as fit; `undefined` when they do not add up to the amount */
export function payGreedily(held: readonly Held[], amount: number): Piece[] | undefined {
  const pieces: Piece[] = [];
  let left = amount;
  for (const { denomination, value, count } of held.toSorted(byValue)) {
    const taken = Math.min(count, Math.floor(left / value));
    left -= taken * value;
    if (taken > 0) pieces.push({ denomination, count: taken });
  }
  return left === 0 ? pieces : undefined;
}

const byValue = (one: Held, other: Held) => other.value - one.value;
