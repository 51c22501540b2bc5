import type { Machine } from '../measuring/machine';
import type { FlashSale } from '../flash-sale/outcome';
import type { RepeatedScenarioName } from '../scenario-names';
import type { SideName } from '../scenarios';

/** One measurement in a closed loop. */
export interface Throughput {
  acceptedPerSecond: number;
  completedPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
  /** CPU-seconds per 1,000 completed operations, by process. */
  cpuPer1000: Record<string, number>;
  /** Mean messages per batch, by queue. */
  batchSizes: Record<string, number>;
  /** Messages in the queues when the load ended. */
  queueDepth: number;
}

/** One measurement at a fixed rate. */
export interface Latency {
  ratePerSecond: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
}

export interface SideResult {
  side: SideName;
  /** One per round. */
  throughput: Throughput[];
  /** One per round; empty where no fixed rate is measured. */
  latency: Latency[];
}

export interface CaseResult {
  name: string;
  scenario: RepeatedScenarioName;
  connections: number;
  sides: SideResult[];
}

/** The content of `docs/benchmarks/results.json`. */
export interface Results {
  date: string;
  secondsPerMeasurement: number;
  rounds: number;
  machine: Machine;
  cases: CaseResult[];
  /** One per round; empty if the scenario didn't run. */
  flashSales: FlashSale[];
}
