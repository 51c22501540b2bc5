import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load, LoadResult } from './load';
import { send } from './open-loop';
import { createTally } from './tally';

/**
 * Starts one operation on every connection at once, then the next wave when it is due and the one before has ended. So the number of
 * operations, how many are in flight, and, unless the machine is overloaded, the rate are the same in every run.
 */
export async function runWaves({ url, connections, rate = 1, seconds, operations }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tally = createTally();
  const intervalMs = (connections / rate) * 1_000;
  const waves = Math.max(1, Math.round((seconds * 1_000) / intervalMs));
  const startedAt = performance.now();

  const run = async (index: number): Promise<void> => {
    const sentAt = performance.now();
    const statuses: number[] = [];
    for (const each of operations[index % operations.length]!) statuses.push(await send(agent, url, each));
    tally.add(statuses, performance.now() - sentAt);
  };

  for (let wave = 0; wave < waves; wave++) {
    await delay(Math.max(0, startedAt + wave * intervalMs - performance.now()));
    await Promise.all(Array.from({ length: connections }, (_, index) => run(wave * connections + index)));
  }
  agent.destroy();
  return tally.result((performance.now() - startedAt) / 1_000);
}
