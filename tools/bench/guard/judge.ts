import { BASELINE_FILE, type BaselineCase } from './baseline';
import { median, percentile } from '../report/statistics';
import { twoDecimals } from '../report/numbers';
import { formatChange } from '../report/compare';
import { renderTable } from '../report/table';

const TOLERANCE = 0.15;
/** If the floor's CPU time differs by more than this from the baseline, the machine is too different, or too busy. */
const FLOOR_TOLERANCE = 0.3;
const QUARTER = 0.25;

/** The CPU-seconds of a round. */
export interface Round {
  souk: number;
  floor: number;
}

export interface GuardedCase {
  name: string;
  rounds: Round[];
}

export interface Judgement {
  name: string;
  ratio: number;
  /** Undefined for a case that the baseline doesn't have. */
  baseline: number | undefined;
  verdict: 'worse' | 'better' | 'unchanged' | 'not comparable' | 'not in the baseline';
}

export function judge(measured: GuardedCase, baselines: Readonly<Record<string, BaselineCase>>): Judgement {
  const { name, rounds } = measured;
  const { ratio } = summarize(measured);
  const baseline = baselines[name];
  const verdict = baseline ? compare(rounds, baseline) : 'not in the baseline';
  return { name, ratio, baseline: baseline?.ratio, verdict };
}

/** @returns the medians of the rounds */
export const summarize = ({ rounds }: GuardedCase): BaselineCase => ({
  ratio: median(rounds.map(ratioOf)),
  floorSeconds: median(rounds.map(({ floor }) => floor)),
});

const ratioOf = ({ souk, floor }: Round) => souk / floor;

function compare(rounds: readonly Round[], { ratio: baseline, floorSeconds }: BaselineCase): Judgement['verdict'] {
  const floorChange = median(rounds.map(({ floor }) => floor)) / floorSeconds - 1;
  if (Math.abs(floorChange) > FLOOR_TOLERANCE) return 'not comparable';
  const ratios = rounds.map(ratioOf);
  // Rounds scatter by about 20 %, so the median alone isn't enough.
  if (percentile(ratios, QUARTER) > baseline * (1 + TOLERANCE)) return 'worse';
  return median(ratios) < baseline * (1 - TOLERANCE) ? 'better' : 'unchanged';
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
    return `An operation costs over 15 % more CPU time than in the baseline.
To find the process that uses the extra time, run \`npm run bench -- --scenario NAME\` before and after your change,
and compare its CPU tables.
If the change is worth its cost, run \`npm run bench:guard -- --accept\`, commit \`${BASELINE_FILE}\`,
and give the reason in the message.`;
  if (isAny('not in the baseline'))
    return 'Add the case with `npm run bench:guard -- --accept`, and commit the baseline.';
  if (isAny('not comparable'))
    return 'The floor needs over 30 % more or less CPU time than in the baseline, so that case was not compared.';
  if (isAny('better'))
    return 'An operation costs over 15 % less CPU time. To keep the gain, run `npm run bench:guard -- --accept`, and commit the baseline.';
  return undefined;
}

export const isFailure = ({ verdict }: Judgement): boolean => verdict === 'worse' || verdict === 'not in the baseline';
