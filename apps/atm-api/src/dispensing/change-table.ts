import assert from 'node:assert/strict';
import { type Held, unitOf } from './held';

/** Stands for a sum that cannot be paid. Small enough that adding a piece count does not overflow 32 bits. */
const UNPAYABLE = 2 ** 30;

/** Cells of all the tables that one call may fill: some 20 ms of the event loop, rarely 50 (`npm run bench:dispensing`). */
export const CELLS_MAX = 2_000_000;

/** The fewest pieces that pay each sum, and the mix that does. */
export interface ChangeTable {
  /** Every sum in it is a multiple of this. */
  unit: number;
  sumMax: number;
  /** @returns the fewest pieces that pay the sum; `undefined` where none do within the stock and `piecesMax` */
  fewest(sum: number): number | undefined;
  /**
   * @param rank of a denomination, in the order in which the table was given them
   * @param sum what it and those after it pay
   * @returns how many of it: the least that any mix of the fewest pieces takes
   */
  taken(rank: number, sum: number): number;
  /** The payable sums, rising. */
  sums(): number[];
}

/**
 * Makes change out of a limited stock by dynamic programming: O(D · sumMax / unit) for D denominations, however many pieces.
 *
 * Denominations are added last to first, and each layer keeps how many of its denomination are taken. So a mix is read
 * off from the first denomination on, and is the lexicographically least of those with the fewest pieces.
 */
export function changeTable(held: readonly Held[], sumMax: number, piecesMax = Infinity): ChangeTable {
  const unit = unitOf(held.map(({ value }) => value));
  const total = held.reduce((sum, { value, count }) => sum + value * count, 0);
  const cells = Math.floor(Math.min(sumMax, total) / unit) + 1;
  assert(cells * held.length <= CELLS_MAX, `${held.length} denominations in ${cells} steps are too much to compute`);

  let fewest = new Int32Array(cells).fill(UNPAYABLE);
  fewest[0] = 0;
  const layers: Int32Array[] = [];
  for (const { value, count } of held.toReversed()) {
    const layer = new Int32Array(cells);
    fewest = withDenomination(fewest, layer, { step: value / unit, count, piecesMax });
    layers.unshift(layer);
  }

  // A sum between two steps is not payable, nor is one beyond the last.
  const at = (sum: number) => (sum % unit === 0 && sum / unit < cells ? fewest[sum / unit]! : UNPAYABLE);
  return {
    unit,
    sumMax: (cells - 1) * unit,
    fewest: (sum) => (at(sum) === UNPAYABLE ? undefined : at(sum)),
    taken: (rank, sum) => layers[rank]![sum / unit]!,
    sums: () => {
      const sums: number[] = [];
      for (let step = 0; step < cells; step++) if (fewest[step] !== UNPAYABLE) sums.push(step * unit);
      return sums;
    },
  };
}

interface Adding {
  /** The value, in cells. */
  step: number;
  count: number;
  piecesMax: number;
}

/**
 * Adds one denomination. Sums that differ by a multiple of it form a chain; the j-th of a chain is best reached from the i-th,
 * j - count <= i <= j, with the least `before[i] - i`. A queue of the candidates, rising in both, holds that at its head,
 * so each sum is looked at once, not once for each piece.
 */
function withDenomination(before: Int32Array, taken: Int32Array, adding: Adding): Int32Array<ArrayBuffer> {
  const { step, count, piecesMax } = adding;
  const cells = before.length;
  if (count >= Math.floor((cells - 1) / step)) return withPlenty(before, taken, adding);
  const after = new Int32Array(cells);
  const length = Math.ceil(cells / step);
  const [links, costs] = [new Int32Array(length), new Int32Array(length)];
  for (let start = 0; start < Math.min(step, cells); start++) {
    let [head, tail] = [0, 0];
    for (let link = 0, sum = start; sum < cells; link++, sum += step) {
      const pieces = before[sum]!;
      if (pieces !== UNPAYABLE) {
        const cost = pieces - link;
        // An equal cost goes too: reached from nearer, the sum takes fewer of this denomination.
        while (tail > head && costs[tail - 1]! >= cost) tail--;
        links[tail] = link;
        costs[tail++] = cost;
      }
      if (head < tail && links[head]! < link - count) head++; // one a link comes in, so one at most has to go
      const isPayable = head < tail && costs[head]! + link <= piecesMax;
      after[sum] = isPayable ? costs[head]! + link : UNPAYABLE;
      if (isPayable) taken[sum] = link - links[head]!;
    }
  }
  return after;
}

/** The same where the stock does not limit: a sum takes none of it, or one more than the sum that lacks one piece. */
function withPlenty(before: Int32Array, taken: Int32Array, { step, piecesMax }: Adding): Int32Array<ArrayBuffer> {
  const after = new Int32Array(before);
  for (let sum = step; sum < after.length; sum++) {
    const pieces = after[sum - step]! + 1;
    if (pieces >= after[sum]! || pieces > piecesMax) continue;
    after[sum] = pieces;
    taken[sum] = taken[sum - step]! + 1;
  }
  return after;
}
