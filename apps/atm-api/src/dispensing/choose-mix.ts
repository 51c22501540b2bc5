import type { Piece } from './cash';
import { changeTable } from './change-table';
import { largestSum, type UsableDenomination } from './usable-denominations';

/**
 * Finds the mix that pays an amount with the fewest pieces. Among those it preserves scarce denominations: it takes the fewest
 * pieces of the first denomination, then of the second, and so on.
 *
 * Only the number of coins is limited, so bills and coins are solved separately and combined over every split of the amount.
 * Within a split both sides take their fewest pieces, so if any mix of the split is within the coin limit, this one is.
 * @param denominations scarcest first
 * @returns `undefined` if no mix has few enough coins
 */
export function chooseMix(
  denominations: readonly UsableDenomination[],
  amount: number,
  coinsMax: number,
): Piece[] | undefined {
  const bills = denominations.filter(({ kind }) => kind === 'bill');
  const coins = denominations.filter(({ kind }) => kind === 'coin');
  const tables = {
    bill: changeTable(bills, amount),
    coin: changeTable(coins, Math.min(amount, largestSum(coins, coinsMax)), coinsMax),
  };

  let fewest = Infinity;
  let splits: { bill: number; coin: number }[] = [];
  const { unit, sumMax } = tables.bill;
  const billSumMin = Math.ceil(Math.max(0, amount - tables.coin.sumMax) / unit) * unit;
  for (let bill = billSumMin; bill <= sumMax; bill += unit) {
    const [billCount, coinCount] = [tables.bill.fewest(bill), tables.coin.fewest(amount - bill)];
    if (billCount === undefined || coinCount === undefined || billCount + coinCount > fewest) continue;
    if (billCount + coinCount < fewest) splits = [];
    fewest = billCount + coinCount;
    splits.push({ bill, coin: amount - bill });
  }
  if (splits.length === 0) return undefined;

  const pieces: Piece[] = [];
  for (const { denomination, kind, value, rank } of ranked(denominations)) {
    const counts = splits.map((split) => tables[kind].piecesOf(rank, split[kind]));
    const count = counts.reduce((least, pieceCount) => Math.min(least, pieceCount));
    splits = splits.filter((_, index) => counts[index] === count);
    for (const split of splits) split[kind] -= count * value;
    if (count > 0) pieces.push({ denomination, count });
  }
  return pieces;
}

/** Adds to each denomination its index among those of its kind, which is its rank in their table. */
function ranked(denominations: readonly UsableDenomination[]): (UsableDenomination & { rank: number })[] {
  const ranks = { bill: 0, coin: 0 };
  return denominations.map((denomination) => ({ ...denomination, rank: ranks[denomination.kind]++ }));
}
