import type { CartReply, OrderState } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { setTimeout as delay } from 'node:timers/promises';
import { isSettled, type OrderFeed } from './order-feed';

export type OrderResult =
  /** The order as it is now: settled, unless the client's patience ended first. */
  | { kind: 'order'; order: OrderState; isReplayed: boolean }
  /** There is no order of this request. */
  | { kind: 'refused'; reply: Exclude<CartReply, { outcome: 'accepted' }> };

/** How long a client waits that doesn't say. */
const WAIT_MS = 5_000;

export const waitOf = ({ prefer }: RequestFacts): number => prefer.waitMs ?? WAIT_MS;

/**
 * Sends a job about an order and waits until the order has settled. The wait counts from the request's arrival, but the job's
 * acceptance is always waited for.
 * @throws what `send` throws
 */
export async function waitForOrder(
  feed: OrderFeed,
  { orderID, facts }: { orderID: string; facts: RequestFacts },
  send: () => Promise<CartReply>,
): Promise<OrderResult> {
  const watch = feed.watch(orderID);
  try {
    const reply = await send();
    if (reply.outcome !== 'accepted') return { kind: 'refused', reply };
    const leftMs = facts.startedAt + waitOf(facts) - Date.now();
    const settled = isSettled(reply.order) ? reply.order : await within(watch.settled, leftMs);
    return { kind: 'order', order: settled ?? reply.order, isReplayed: reply.replayed };
  } finally {
    watch.close();
  }
}

/** @returns what `promise` gives, or `undefined` after `timeoutMs` */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const patience = new AbortController();
  const tooLate = delay(Math.max(0, timeoutMs), undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    patience.abort();
  }
}
