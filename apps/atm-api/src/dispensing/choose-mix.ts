import type { Held } from './held';
import { largestSum } from './held';
import { changeTable } from './change-table';
import type { Piece } from './cash';

/**
 * Finds the mix that pays an amount with the fewest pieces. Among those it preserves scarce denominations: it takes the fewest
 * pieces of the first denomination held, then of the second, and so on.
 *
 * Only the number of coins is limited, so bills and coins are solved separately and combined over every split of the amount.
 * Within a split both sides take their fewest pieces, so if any mix of the split is within the coin limit, this one is.
 * @param held scarcest first
 * @returns `undefined` if no mix has few enough coins
 */
export function chooseMix(held: readonly Held[], amount: number, coinsMax: number): Piece[] | undefined {
  const sides = { bill: held.filter(({ kind }) => kind === 'bill'), coin: held.filter(({ kind }) => kind === 'coin') };
  const tables = {
    bill: changeTable(sides.bill, amount),
    coin: changeTable(sides.coin, Math.min(amount, largestSum(sides.coin, coinsMax)), coinsMax),
  };

  let fewest = Infinity;
  let splits: { bill: number; coin: number }[] = [];
  const { unit, sumMax } = tables.bill;
  const first = Math.ceil(Math.max(0, amount - tables.coin.sumMax) / unit) * unit;
  for (let bill = first; bill <= sumMax; bill += unit) {
    const [bills, coins] = [tables.bill.fewest(bill), tables.coin.fewest(amount - bill)];
    if (bills === undefined || coins === undefined || bills + coins > fewest) continue;
    if (bills + coins < fewest) splits = [];
    fewest = bills + coins;
    splits.push({ bill, coin: amount - bill });
  }
  if (splits.length === 0) return undefined;

  const pieces: Piece[] = [];
  for (const { denomination, kind, value, rank } of ranked(held)) {
    const taken = splits.map((split) => tables[kind].taken(rank, split[kind]));
    const count = taken.reduce((least, each) => Math.min(least, each));
    splits = splits.filter((_, index) => taken[index] === count);
    for (const split of splits) split[kind] -= count * value;
    if (count > 0) pieces.push({ denomination, count });
  }
  return pieces;
}

/** Adds to each denomination its index among those of its kind, which is its rank in their table. */
function ranked(held: readonly Held[]): (Held & { rank: number })[] {
  const ranks = { bill: 0, coin: 0 };
  return held.map((each) => ({ ...each, rank: ranks[each.kind]++ }));
}
