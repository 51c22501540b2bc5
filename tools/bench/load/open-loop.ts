import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load, LoadResult } from './load';
import { runOperation } from './run-operation';
import { createTally } from './tally';

const SOCKETS_MAX = 512;

/**
 * Starts operations at a fixed rate. A latency counts from the moment that the schedule names, even if this process or a socket
 * wasn't ready then: requests that had to wait behind a slow answer show that they waited.
 */
export async function runOpenLoop({ url, rate = 1, seconds, operations }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const tally = createTally();
  const count = Math.max(1, Math.round(rate * seconds));
  const startedAt = performance.now();

  const run = async (index: number, scheduledAt: number): Promise<void> => {
    const statuses = await runOperation(agent, url, operations[index % operations.length]!);
    tally.add(statuses, performance.now() - scheduledAt);
  };

  const running: Promise<void>[] = [];
  while (running.length < count) {
    const scheduledAt = startedAt + (running.length * 1_000) / rate;
    if (scheduledAt > performance.now()) await delay(1);
    else running.push(run(running.length, scheduledAt));
  }
  await Promise.all(running);
  agent.destroy();
  return tally.result((performance.now() - startedAt) / 1_000);
}
