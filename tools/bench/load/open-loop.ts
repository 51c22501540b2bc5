import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load, LoadRequest, LoadResult } from './load';
import { createTally } from './tally';

const SOCKETS_MAX = 512;
const REQUEST_TIMEOUT_MS = 15_000;

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
    const statuses: number[] = [];
    for (const each of operations[index % operations.length]!) statuses.push(await send(agent, url, each));
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

/** @returns the status; 0 if there is no response */
export function send(agent: Agent, url: string, { method, path, headers, body }: LoadRequest): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, { agent, method, headers, timeout: REQUEST_TIMEOUT_MS }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sent.on('timeout', () => sent.destroy(new Error('no response')));
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
