import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../souk/machine/paths';
import type { Machine } from '../measuring/machine';

export const BASELINE_FILE = 'tools/bench/guard/baseline.json';

export interface Baseline {
  date: string;
  /** The machine that the ratios were measured on. */
  machine: Machine;
  cases: Record<string, BaselineCase>;
}

export interface BaselineCase {
  /** Souk's CPU time divided by the floor's. */
  ratio: number;
  /** The CPU-seconds of the floor per round. They show whether a machine is comparable. */
  floorSeconds: number;
}

export const readBaseline = (): Baseline => JSON.parse(readFileSync(join(ROOT, BASELINE_FILE), 'utf8')) as Baseline;

export const writeBaseline = (baseline: Baseline): void =>
  writeFileSync(join(ROOT, BASELINE_FILE), `${JSON.stringify(baseline, undefined, 2)}\n`);

/** @returns why the ratios can't be compared; undefined if they can */
export function findDifference(baseline: Machine, current: Machine): string | undefined {
  const [before, now] = [baseline, current].map(describe);
  return before === now ? undefined : `the baseline was measured with ${before}, and this machine has ${now}`;
}

function describe({ cores, versions }: Machine): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version.split('.')[0]}`);
  return [`${cores} ${cores === 1 ? 'core' : 'cores'}`, ...names.sort()].join(', ');
}
