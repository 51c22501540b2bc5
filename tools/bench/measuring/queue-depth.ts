import { TOPOLOGY } from '@souk/contracts';
import type { Channel } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import { FLOOR_QUEUES } from '../floors/queues';

const POLL_MS = 200;
/** A relay may hold messages back for a moment between two queues. */
const EMPTY_POLLS = 3;
const DRAIN_TIMEOUT_MS = 60_000;

/** @returns the number of messages that wait in all queues of Souk, or of the floors */
export async function queueDepth(channel: Channel, side: 'souk' | 'floors'): Promise<number> {
  const queues = side === 'souk' ? TOPOLOGY.queues.map(({ name }) => name) : Object.values(FLOOR_QUEUES);
  const counts = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
  return counts.reduce((sum, { messageCount }) => sum + messageCount, 0);
}

/** Waits until all queues stay empty, so that no work is left for the next measurement. @throws Error after a minute */
export async function drainQueues(channel: Channel): Promise<void> {
  const deadline = Date.now() + DRAIN_TIMEOUT_MS;
  for (let empty = 0; empty < EMPTY_POLLS;) {
    const depth = (await queueDepth(channel, 'souk')) + (await queueDepth(channel, 'floors'));
    if (depth > 0 && Date.now() > deadline) throw new Error(`${depth} messages are still queued after a minute`);
    empty = depth === 0 ? empty + 1 : 0;
    await delay(POLL_MS);
  }
}
