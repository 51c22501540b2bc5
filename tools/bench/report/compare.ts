import type { Results } from './results';
import { summarize } from './summary';
import { twoDecimals } from './numbers';
import { renderTable } from './table';

/** @returns a table of the ratios of both runs, for the cases and sides that both have */
export function compareResults(earlier: Results, current: Results): string {
  const rows = current.cases.flatMap((result) => {
    const earlierCase = earlier.cases.find(({ name }) => name === result.name);
    const earlierSides = earlierCase ? summarize(earlierCase, earlier.cases) : [];
    return summarize(result, current.cases).flatMap(({ side, ratio, isReference }) => {
      const before = earlierSides.find((other) => other.side === side)?.ratio;
      if (isReference || before === undefined) return [];
      return [[result.name, side, twoDecimals(before), twoDecimals(ratio), formatChange(before, ratio)]];
    });
  });
  return rows.length === 0
    ? 'The earlier run has none of these cases.'
    : renderTable(['Case', 'Side', `Ratio ${earlier.date.slice(0, 10)}`, 'Ratio now', 'Change'], rows, 2);
}

export function formatChange(before: number, now: number): string {
  const percent = (now / before - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`;
}
