import type { BrokenRow } from '../check';

/** Broken rows of a check that are told. */
export const TOLD_MAX = 20;

/** What a check has looked at, and the first of what it found. */
export interface Findings {
  rows: number;
  brokenCount: number;
  broken: BrokenRow[];
}

export const noFindings = (): Findings => ({ rows: 0, brokenCount: 0, broken: [] });

export function report(findings: Findings, row: BrokenRow): void {
  findings.brokenCount += 1;
  if (findings.broken.length < TOLD_MAX) findings.broken.push(row);
}
