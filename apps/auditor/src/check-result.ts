/** A promise about the data. */
export interface DataPromise {
  /** For programs, in kebab-case; never changes. */
  name: string;
  /** What holds if nothing is broken. */
  promise: string;
}

/** A row that breaks a promise: its id and the figures that show it. */
export type BrokenRow = { id: string | number } & Record<string, unknown>;

/** Maximum number of broken rows reported per check. */
export const REPORTED_ROWS_MAX = 20;

/** What a check has found so far. */
export interface Findings {
  /** Rows that were checked. */
  rows: number;
  /** Rows that break the promise; there may be more. */
  brokenCount: number;
  /** The first of the broken rows. */
  broken: BrokenRow[];
}

export const noFindings = (): Findings => ({ rows: 0, brokenCount: 0, broken: [] });

/** Counts a broken row, and keeps it if it is among the first. */
export function addBroken(findings: Findings, row: BrokenRow): void {
  findings.brokenCount += 1;
  if (findings.broken.length < REPORTED_ROWS_MAX) findings.broken.push(row);
}

interface CompletedCheck<C> {
  check: C;
  rows: number;
  durationMs: number;
}

/** The outcome of a check. */
export type CheckResult<C extends DataPromise = DataPromise> =
  | (CompletedCheck<C> & { outcome: 'ok' })
  /** `broken` holds the first of at least `brokenCount` rows. */
  | (CompletedCheck<C> & { outcome: 'broken'; brokenCount: number; broken: BrokenRow[] })
  | { check: C; outcome: 'skipped'; reason: string };

export function resultOf<C extends DataPromise>(
  check: C,
  { rows, brokenCount, broken }: Findings,
  durationMs: number,
): CheckResult<C> {
  const completed = { check, rows, durationMs: Math.round(durationMs) };
  if (brokenCount === 0) return { ...completed, outcome: 'ok' };
  return { ...completed, outcome: 'broken', brokenCount, broken: broken.slice(0, REPORTED_ROWS_MAX) };
}
