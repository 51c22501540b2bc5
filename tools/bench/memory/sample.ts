import { setTimeout as delay } from 'node:timers/promises';
import { APPS } from '../../souk/native/apps';
import type { PrivateSystem } from '../system/private-system';

const INTERVAL_MS = 10_000;

export interface Usage {
  residentBytes: number;
  heapBytes: number;
  /** When the process started, in seconds since 1970. */
  startedAt: number;
}

export interface Sample {
  /** Since the sampling started. */
  atSeconds: number;
  /** By process. */
  usages: Record<string, Usage>;
}

/**
 * Takes samples until the work ends or fails.
 * @param samples receives them as they are taken
 * @throws Error if a process doesn't respond, or has restarted and so has released its memory
 */
export async function sampleDuring(
  ports: PrivateSystem['ports'],
  work: Promise<unknown>,
  samples: Sample[],
): Promise<void> {
  let isRunning = true;
  const stop = () => void (isRunning = false);
  const end = work.then(stop, stop);
  const startedAt = performance.now();
  while (isRunning) {
    const atSeconds = (performance.now() - startedAt) / 1_000;
    const usages = await readUsages(ports);
    const restarted = Object.keys(usages).find((name) => hasRestarted(usages[name]!, samples[0]?.usages[name]));
    if (restarted) throw new Error(`${restarted} has restarted`);
    samples.push({ atSeconds, usages });
    await Promise.race([
      end,
      delay(startedAt + samples.length * INTERVAL_MS - performance.now(), undefined, { ref: false }),
    ]);
  }
}

const hasRestarted = (usage: Usage, first: Usage = usage) => usage.startedAt !== first.startedAt;

async function readUsages(ports: PrivateSystem['ports']): Promise<Sample['usages']> {
  const usages = APPS.map(async ({ name, healthPort }) => {
    const response = await fetch(`http://127.0.0.1:${ports[healthPort]}/metrics`).catch((cause: unknown) => {
      throw new Error(`${name} doesn't respond`, { cause });
    });
    return [name, parseUsage(await response.text())] as const;
  });
  return Object.fromEntries(await Promise.all(usages));
}

/** @param metrics the page `/metrics` of a process @throws Error that names a missing metric */
export function parseUsage(metrics: string): Usage {
  const read = (name: string) => {
    const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1];
    if (value === undefined) throw new Error(`The metric ${name} is missing`);
    return Number(value);
  };
  return {
    residentBytes: read('process_resident_memory_bytes'),
    heapBytes: read('nodejs_heap_size_used_bytes'),
    startedAt: read('process_start_time_seconds'),
  };
}
