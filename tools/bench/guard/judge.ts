import { BASELINE_FILE } from './baseline';
import { median, percentile } from '../report/statistics';
import { twoDecimals } from '../report/numbers';
import { formatChange } from '../report/compare';
import { renderTable } from '../report/table';

const TOLERANCE = 0.15;
const QUARTER = 0.25;

/** The rounds of one case: Souk's CPU time divided by the floor's. */
export interface GuardedCase {
  name: string;
  ratios: number[];
}

export interface Judgement {
  name: string;
  ratio: number;
  /** Undefined for a case that the baseline doesn't have. */
  baseline: number | undefined;
  verdict: 'worse' | 'better' | 'unchanged' | 'not in the baseline';
}

export function judge({ name, ratios }: GuardedCase, baselines: Readonly<Record<string, number>>): Judgement {
  const ratio = median(ratios);
  const baseline = baselines[name];
  return { name, ratio, baseline, verdict: baseline === undefined ? 'not in the baseline' : compare(ratios, baseline) };
}

function compare(ratios: readonly number[], baseline: number): Judgement['verdict'] {
  const ratio = median(ratios);
  // A median that is worse only because the rounds are scattered is noise.
  if (ratio > baseline * (1 + TOLERANCE) && percentile(ratios, QUARTER) > baseline) return 'worse';
  return ratio < baseline * (1 - TOLERANCE) ? 'better' : 'unchanged';
}

export function renderJudgements(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ name, ratio, baseline, verdict }) => [
    ...[name, verdict, twoDecimals(ratio), twoDecimals(baseline)],
    baseline === undefined ? '–' : formatChange(baseline, ratio),
  ]);
  return renderTable(['CPU time, Souk / floor', 'Verdict', 'Ratio', 'Baseline', 'Change'], rows, 2);
}

/** @returns what to do; undefined if there is nothing to do */
export function advise(judgements: readonly Judgement[]): string | undefined {
  const isAny = (verdict: Judgement['verdict']) => judgements.some((each) => each.verdict === verdict);
  if (isAny('worse'))
    return `An operation costs more than 15 % more CPU time than the baseline allows.
To find the process that uses it, run \`npm run bench -- --scenario NAME\` before and after your change, and compare its CPU tables.
If the change is worth it, run \`npm run bench:guard -- --accept\`, commit \`${BASELINE_FILE}\`, and give the reason in the message.`;
  if (isAny('not in the baseline'))
    return 'Add the case with `npm run bench:guard -- --accept`, and commit the baseline.';
  if (isAny('better'))
    return 'An operation costs more than 15 % less. Keep that: run `npm run bench:guard -- --accept`, and commit the baseline.';
  return undefined;
}

export const isFailure = ({ verdict }: Judgement): boolean => verdict === 'worse' || verdict === 'not in the baseline';
