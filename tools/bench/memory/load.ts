import type { LoadResult } from '../load/load';
import { measureThroughput, type Bench } from '../measuring/measure-side';
import type { Case } from '../scenarios';
import type { Child } from '../system/child';
import type { Side } from '../system/sides';

const WARM_UP_SECONDS = 5;
const MAXIMUM_SECONDS = 8;
/** A slice ends when all of its operations have ended, so a load that is too high can't pile up for longer than this. */
const SLICE_SECONDS = 60;

/** Operations at a fixed rate, from a load generator of their own. */
export interface FixedLoad {
  name: string;
  url: string;
  generator: Child;
  operations: Case['operations'];
  connections: number;
  rate: number;
}

/** The outcome of a fixed load. */
export interface LoadTotal {
  name: string;
  rate: number;
  completed: number;
  /** Operations without a 2xx response. */
  failed: number;
}

/** @returns completed operations per second */
export async function measureMaximum(bench: Bench, side: Side, { connections, operations }: Case): Promise<number> {
  const run = (seconds: number) =>
    measureThroughput(bench, side, { connections, operations, seconds, rate: undefined });
  await run(WARM_UP_SECONDS);
  return (await run(MAXIMUM_SECONDS)).completedPerSecond;
}

/**
 * Runs all loads together.
 * @param onMinute receives the results so far after each minute
 * @throws Error if a load completes nothing for a minute
 */
export async function runLoads(
  loads: readonly FixedLoad[],
  minutes: number,
  onMinute: (minute: number, totals: readonly LoadTotal[]) => void,
): Promise<LoadTotal[]> {
  const totals = loads.map(({ name, rate }): LoadTotal => ({ name, rate, completed: 0, failed: 0 }));
  for (let minute = 1; minute <= minutes; minute++) {
    const results = await Promise.all(loads.map(runSlice));
    for (const [index, { completed, failed }] of results.entries()) {
      const total = totals[index]!;
      if (completed === 0) throw new Error(`No ${total.name} were completed in minute ${minute}; ${failed} failed`);
      total.completed += completed;
      total.failed += failed;
    }
    onMinute(minute, totals);
  }
  return totals;
}

const runSlice = ({ generator, url, operations, connections, rate }: FixedLoad): Promise<LoadResult> =>
  generator.ask<LoadResult>({ url, operations, connections, rate, seconds: SLICE_SECONDS });
