import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load, LoadResult } from './load';
import { runOperation } from './run-operation';
import { createTally } from './tally';

/**
 * Starts one operation on every connection at once. The next wave starts when it is due and the previous one has ended. So every
 * run has the same number of operations, the same concurrency, and, unless the machine is overloaded, the same rate.
 */
export async function runWaves({ url, connections, rate = 1, seconds, operations }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tally = createTally();
  const intervalMs = (connections / rate) * 1_000;
  const waves = Math.max(1, Math.round((seconds * 1_000) / intervalMs));
  const startedAt = performance.now();

  const run = async (index: number): Promise<void> => {
    const sentAt = performance.now();
    const statuses = await runOperation(agent, url, operations[index % operations.length]!);
    tally.add(statuses, performance.now() - sentAt);
  };

  for (let wave = 0; wave < waves; wave++) {
    await delay(Math.max(0, startedAt + wave * intervalMs - performance.now()));
    await Promise.all(Array.from({ length: connections }, (_, index) => run(wave * connections + index)));
  }
  agent.destroy();
  return tally.result((performance.now() - startedAt) / 1_000);
}
