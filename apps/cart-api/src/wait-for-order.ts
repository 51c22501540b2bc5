import type { OrderReply, OrderState } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { setTimeout as delay } from 'node:timers/promises';
import { isSettled, type OrderFeed } from './order-feed';

/** A reply to a job that has no order. */
export type OrderRefusal = Exclude<OrderReply, { outcome: 'accepted' }>;

export type OrderResult =
  /** The current order: settled, unless the client's wait ended first. */
  { kind: 'order'; order: OrderState; isReplayed: boolean } | { kind: 'refused'; reply: OrderRefusal };

/** The wait if the client gives none. */
const WAIT_MS = 5_000;

export const waitOf = ({ prefer }: RequestFacts): number => prefer.waitMs ?? WAIT_MS;

/**
 * Sends a job about an order and waits until the order has settled. The wait starts when the request arrives, but the job's
 * acceptance is always awaited.
 * @throws what `send` throws
 */
export async function waitForOrder(
  feed: OrderFeed,
  { orderID, facts }: { orderID: string; facts: RequestFacts },
  send: () => Promise<OrderReply>,
): Promise<OrderResult> {
  const watch = feed.watch(orderID);
  try {
    const reply = await send();
    if (reply.outcome !== 'accepted') return { kind: 'refused', reply };
    const remainingMs = facts.startedAt + waitOf(facts) - Date.now();
    const settled = isSettled(reply.order) ? reply.order : await within(watch.settled, remainingMs);
    return { kind: 'order', order: settled ?? reply.order, isReplayed: reply.replayed };
  } finally {
    watch.close();
  }
}

/** @returns the result of `promise`, or `undefined` after `timeoutMs` */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const waiting = new AbortController();
  const timeout = delay(Math.max(0, timeoutMs), undefined, { signal: waiting.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    waiting.abort();
  }
}
