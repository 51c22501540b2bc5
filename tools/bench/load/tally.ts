import { percentile } from '../report/statistics';
import type { LoadResult } from './load';

/** Collects the outcomes of operations. */
export function createTally() {
  const latenciesMs: number[] = [];
  let [accepted, completed, failed] = [0, 0, 0];
  return {
    /** @param statuses of all responses; 0 for none */
    add: (statuses: readonly number[], latencyMs: number): void => {
      latenciesMs.push(latencyMs);
      if (statuses.some((status) => status < 200 || status > 299)) failed++;
      else accepted++;
      if (statuses.every((status) => status === 200)) completed++;
    },
    result: (seconds: number): LoadResult => ({
      ...{ accepted, completed, failed, seconds },
      p50Ms: percentile(latenciesMs, 0.5),
      p99Ms: percentile(latenciesMs, 0.99),
    }),
  };
}
