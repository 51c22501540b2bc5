import type { BrokenRow } from '../check';

/** Broken rows per check that are reported. */
export const TOLD_MAX = 20;

/** How many rows a check has read, and the first broken ones. */
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
