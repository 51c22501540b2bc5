import type { Channel } from 'amqplib';
import { meanBatchSizes } from './batch-sizes';
import type { Child } from '../system/child';
import { cpuPer1000, readCpuSeconds } from './cpu-time';
import type { Load, LoadResult } from '../load/load';
import { drainQueues, queueDepth } from './queue-depth';
import type { Latency, Throughput } from '../report/results';
import type { Side } from '../system/sides';

const IDLE = 'idle: ';

export interface Bench {
  loadGenerator: Child;
  broker: Channel;
  enginePids: Record<string, number>;
  /** Souk's processes, which also run while a floor is measured. */
  soukPids: Record<string, number>;
}

export async function measureThroughput(bench: Bench, side: Side, load: Omit<Load, 'url'>): Promise<Throughput> {
  const isSouk = side.pids === bench.soukPids;
  const pids = {
    ...side.pids,
    ...(isSouk ? {} : prefixed(bench.soukPids)),
    ...bench.enginePids,
    'load generator': bench.loadGenerator.pid,
  };
  const batchesBefore = await side.readBatches();
  const cpuBefore = readCpuSeconds(pids);
  const result = await bench.loadGenerator.ask<LoadResult>({ ...load, url: side.url } satisfies Load);
  const cpuAfter = readCpuSeconds(pids);
  const depth = await queueDepth(bench.broker, isSouk ? 'souk' : 'floors');
  const batchesAfter = await side.readBatches();
  await drainQueues(bench.broker);
  if (result.completed === 0) throw new Error(`${side.url} completed no operation; ${result.failed} failed`);
  return {
    acceptedPerSecond: result.accepted / result.seconds,
    completedPerSecond: result.completed / result.seconds,
    ...{ p50Ms: result.p50Ms, p99Ms: result.p99Ms, failed: result.failed },
    cpuPer1000: mergeIdle(cpuPer1000(cpuBefore, cpuAfter, result.completed)),
    batchSizes: meanBatchSizes(batchesBefore, batchesAfter),
    queueDepth: depth,
  };
}

export async function measureLatency(
  bench: Bench,
  side: Side,
  load: Omit<Load, 'url' | 'rate'> & { rate: number },
): Promise<Latency> {
  const { p50Ms, p99Ms, failed } = await bench.loadGenerator.ask<LoadResult>({ ...load, url: side.url } satisfies Load);
  await drainQueues(bench.broker);
  return { ratePerSecond: load.rate, p50Ms, p99Ms, failed };
}

const prefixed = (pids: Record<string, number>) =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [`${IDLE}${name}`, pid]));

/** Adds up Souk's processes that only ran beside what was measured. */
function mergeIdle(times: Record<string, number>): Record<string, number> {
  const [idle, measured] = [true, false].map((isIdle) =>
    Object.entries(times).filter(([name]) => name.startsWith(IDLE) === isIdle),
  );
  const total = idle!.reduce((sum, [, seconds]) => sum + seconds, 0);
  return { ...Object.fromEntries(measured!), ...(idle!.length > 0 && { 'Souk, idle': total }) };
}
