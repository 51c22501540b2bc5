import type { CaseResult, SideResult } from './results';
import { median, medianRatio } from './statistics';

/** One side of a case: medians over the rounds. */
export interface Summary {
  side: SideResult['side'];
  acceptedPerSecond: number;
  completedPerSecond: number;
  /** Completed operations relative to the reference in the same round. */
  ratio: number;
  /** Whether the ratios of other sides or cases refer to this one. */
  isReference: boolean;
  p50Ms: number;
  p99Ms: number;
  failed: number;
  queueDepth: number;
  cpuPer1000: Record<string, number>;
  batchSizes: Record<string, number>;
  /** Undefined where no fixed rate is measured. */
  fixedRate: { ratePerSecond: number; p50Ms: number; p99Ms: number; failed: number } | undefined;
}

/** @param cases all cases of the run: without a floor, ratios refer to the scenario's first case */
export function summarize({ scenario, sides }: CaseResult, cases: readonly CaseResult[]): Summary[] {
  const completed = ({ throughput }: SideResult) => throughput.map(({ completedPerSecond }) => completedPerSecond);
  const floor = sides.find(({ side }) => side === 'floor');
  const reference = floor ?? cases.find((other) => other.scenario === scenario)?.sides[0];
  return sides.map((result) => {
    const { side, throughput, latency } = result;
    const of = (read: (round: SideResult['throughput'][number]) => number) => median(throughput.map(read));
    return {
      side,
      acceptedPerSecond: of((round) => round.acceptedPerSecond),
      completedPerSecond: of((round) => round.completedPerSecond),
      ratio: medianRatio(completed(result), reference ? completed(reference) : []),
      isReference: result === reference,
      p50Ms: of((round) => round.p50Ms),
      p99Ms: of((round) => round.p99Ms),
      failed: throughput.reduce((sum, round) => sum + round.failed, 0),
      queueDepth: of((round) => round.queueDepth),
      cpuPer1000: mediansOf(throughput.map((round) => round.cpuPer1000)),
      batchSizes: mediansOf(throughput.map((round) => round.batchSizes)),
      fixedRate: summarizeLatency(latency),
    };
  });
}

function summarizeLatency(latency: SideResult['latency']): Summary['fixedRate'] {
  if (latency.length === 0) return undefined;
  return {
    ratePerSecond: median(latency.map((round) => round.ratePerSecond)),
    p50Ms: median(latency.map((round) => round.p50Ms)),
    p99Ms: median(latency.map((round) => round.p99Ms)),
    failed: latency.reduce((sum, round) => sum + round.failed, 0),
  };
}

function mediansOf(rounds: readonly Record<string, number>[]): Record<string, number> {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries([...names].map((name) => [name, median(rounds.flatMap((round) => round[name] ?? []))]));
}
