import type { Denomination, Limits } from './cash';
import { unitOf } from './held';

/** @returns the most cells that a withdrawal of these denominations can fill; settings that exceed `CELLS_MAX` are invalid */
export function cellsOf(denominations: readonly Denomination[], { amountMax, coinsMax }: Limits): number {
  const valuesOf = (kind: Denomination['kind']) =>
    denominations.filter((each) => each.kind === kind).map(({ value }) => Number(value));
  const [bills, coins, limit] = [valuesOf('bill'), valuesOf('coin'), Number(amountMax)];
  const cells = (values: number[], sumMax: number) => (Math.floor(sumMax / unitOf(values)) + 1) * values.length;
  return Math.max(cells(bills, limit), cells(coins, Math.min(limit, coinsMax * Math.max(0, ...coins))));
}
