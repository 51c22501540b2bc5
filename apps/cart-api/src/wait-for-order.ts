import type { OrderReply, OrderState } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { isSettled, type OrderFeed } from './order-feed';

/** A reply that refuses a job. */
export type OrderRefusal = Exclude<OrderReply, { outcome: 'accepted' }>;

export type OrderResult =
  /** The order in its current state: settled, unless the client's wait ended first. */
  { kind: 'order'; order: OrderState; isReplayed: boolean } | { kind: 'refused'; reply: OrderRefusal };

/** The wait if the client doesn't specify one. */
const WAIT_MS = 5_000;

export const waitMsOf = ({ prefer }: RequestFacts): number => prefer.waitMs ?? WAIT_MS;

/**
 * Sends a job about an order and waits until the order has settled. The wait is measured from the arrival of the request, but
 * the reply to the job is always awaited, even beyond that.
 * @throws the errors of `send`
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
    const remainingMs = facts.startedAt + waitMsOf(facts) - Date.now();
    const settled = isSettled(reply.order) ? reply.order : await within(watch.settled, remainingMs);
    return { kind: 'order', order: settled ?? reply.order, isReplayed: reply.replayed };
  } finally {
    watch.close();
  }
}

/** @returns the result of `promise`, or `undefined` after `timeoutMs` */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs), undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
