import assert from 'node:assert/strict';
import type { Denomination, Limits } from './cash';
import { type UsableDenomination, unitOf } from './usable-denominations';

/** Marks a sum that can't be paid. Small enough that adding a piece count doesn't overflow 32 bits. */
const UNPAYABLE = 2 ** 30;

/** Maximum number of cells in one table, over all denominations: about 20 ms of event loop time, rarely 50 (`npm run bench:dispensing`). */
export const CELLS_MAX = 2_000_000;

/** @returns the cells of the largest table that these denominations need; settings that exceed `CELLS_MAX` are invalid */
export function cellsOf(denominations: readonly Denomination[], { amountMax, coinsMax }: Limits): number {
  const valuesOf = (kind: Denomination['kind']) =>
    denominations.filter((denomination) => denomination.kind === kind).map(({ value }) => Number(value));
  const [bills, coins, limit] = [valuesOf('bill'), valuesOf('coin'), Number(amountMax)];
  const cells = (values: number[], sumMax: number) => (Math.floor(sumMax / unitOf(values)) + 1) * values.length;
  return Math.max(cells(bills, limit), cells(coins, Math.min(limit, coinsMax * Math.max(0, ...coins))));
}

/** For each sum: the smallest number of pieces that pays it, and which pieces they are. */
interface ChangeTable {
  /** Every sum in the table is a multiple of this. */
  unit: number;
  sumMax: number;
  /** @returns the fewest pieces that pay the sum; `undefined` if it can't be paid within the stock and `piecesMax` */
  fewest(sum: number): number | undefined;
  /**
   * @param rank the index of the denomination in the list given to the table
   * @param sum the sum that this denomination and those after it pay
   * @returns how many pieces of it to take: the minimum over all mixes with the fewest pieces
   */
  piecesOf(rank: number, sum: number): number;
  /** The payable sums in ascending order. */
  sums(): number[];
}

/**
 * Makes change from a limited stock by dynamic programming: O(D · sumMax / unit) for D denominations and any number of pieces.
 *
 * Denominations are added from last to first, and each layer stores how many of its denomination are taken. A mix is read
 * starting with the first denomination, so it is the lexicographically smallest of those with the fewest pieces.
 */
export function changeTable(
  denominations: readonly UsableDenomination[],
  sumMax: number,
  piecesMax = Infinity,
): ChangeTable {
  const unit = unitOf(denominations.map(({ value }) => value));
  const total = denominations.reduce((sum, { value, count }) => sum + value * count, 0);
  const cells = Math.floor(Math.min(sumMax, total) / unit) + 1;
  assert(
    cells * denominations.length <= CELLS_MAX,
    `${denominations.length} denominations in ${cells} steps are too many to compute`,
  );

  let fewest = new Int32Array(cells).fill(UNPAYABLE);
  fewest[0] = 0;
  const layers: Int32Array[] = [];
  for (const { value, count } of denominations.toReversed()) {
    const layer = new Int32Array(cells);
    fewest = withDenomination(fewest, layer, { step: value / unit, count, piecesMax });
    layers.unshift(layer);
  }

  // Sums between two steps or beyond the last step aren't payable.
  const fewestFor = (sum: number) => (sum % unit === 0 && sum / unit < cells ? fewest[sum / unit]! : UNPAYABLE);
  return {
    unit,
    sumMax: (cells - 1) * unit,
    fewest: (sum) => (fewestFor(sum) === UNPAYABLE ? undefined : fewestFor(sum)),
    piecesOf: (rank, sum) => layers[rank]![sum / unit]!,
    sums: () => {
      const sums: number[] = [];
      for (let step = 0; step < cells; step++) if (fewest[step] !== UNPAYABLE) sums.push(step * unit);
      return sums;
    },
  };
}

interface AddedDenomination {
  /** The value of the denomination, in cells. */
  step: number;
  count: number;
  piecesMax: number;
}

/**
 * Adds one denomination. Sums that differ by a multiple of its value form a chain. The j-th sum of a chain is best reached from
 * the i-th with the smallest `fewestBefore[i] - i`, where j - count <= i <= j. A queue of candidates, ascending in index and in
 * cost, has that one at its head, so each sum is visited once rather than once per piece.
 */
function withDenomination(
  fewestBefore: Int32Array,
  takenCounts: Int32Array,
  added: AddedDenomination,
): Int32Array<ArrayBuffer> {
  const { step, count, piecesMax } = added;
  const cells = fewestBefore.length;
  if (count >= Math.floor((cells - 1) / step)) return withUnlimited(fewestBefore, takenCounts, added);
  const fewestAfter = new Int32Array(cells);
  const length = Math.ceil(cells / step);
  const [links, costs] = [new Int32Array(length), new Int32Array(length)];
  for (let start = 0; start < Math.min(step, cells); start++) {
    let [head, tail] = [0, 0];
    for (let link = 0, sum = start; sum < cells; link++, sum += step) {
      const pieces = fewestBefore[sum]!;
      if (pieces !== UNPAYABLE) {
        const cost = pieces - link;
        // Equal costs are dropped, too: from a later link, the sum takes fewer pieces of this denomination.
        while (tail > head && costs[tail - 1]! >= cost) tail--;
        links[tail] = link;
        costs[tail++] = cost;
      }
      // The bound rises by one per link, so at most one candidate falls below it.
      if (head < tail && links[head]! < link - count) head++;
      const isPayable = head < tail && costs[head]! + link <= piecesMax;
      fewestAfter[sum] = isPayable ? costs[head]! + link : UNPAYABLE;
      if (isPayable) takenCounts[sum] = link - links[head]!;
    }
  }
  return fewestAfter;
}

/** The same for unlimited stock: a sum takes no piece of this denomination or one more than the sum that is one piece smaller. */
function withUnlimited(
  fewestBefore: Int32Array,
  takenCounts: Int32Array,
  { step, piecesMax }: AddedDenomination,
): Int32Array<ArrayBuffer> {
  const fewestAfter = new Int32Array(fewestBefore);
  for (let sum = step; sum < fewestAfter.length; sum++) {
    const pieces = fewestAfter[sum - step]! + 1;
    if (pieces >= fewestAfter[sum]! || pieces > piecesMax) continue;
    fewestAfter[sum] = pieces;
    takenCounts[sum] = takenCounts[sum - step]! + 1;
  }
  return fewestAfter;
}
