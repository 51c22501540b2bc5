import { checkOutCartRoute, checkOutJob, type CartReply, type OrderState } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CartJobs } from './cart-jobs';
import { isSettled, type OrderFeed } from './order-feed';

export interface CheckOutDeps {
  jobs: CartJobs;
  feed: OrderFeed;
}

export interface CheckOutCommand {
  clientID: string;
  facts: RequestFacts;
}

export type CheckOutResult =
  /** The order as it is now: settled, unless the client's patience ended first. */
  | { kind: 'order'; order: OrderState; isReplayed: boolean }
  /** There is no order of this request. */
  | { kind: 'refused'; reply: Exclude<CartReply, { outcome: 'accepted' }> };

/** How long a client waits who does not say. */
const WAIT_MS = 5_000;

/**
 * Has the cart made an order and waits for its end. The wait counts from the request's arrival, but the order's acceptance
 * is always waited for: 202 is never said of an order that is not there.
 * @throws AppError `unavailable` when surely nothing was done, `timeout` when the order was not accepted in time
 */
export async function checkOut(
  { jobs, feed }: CheckOutDeps,
  { clientID, facts }: CheckOutCommand,
): Promise<CheckOutResult> {
  const { waitMs = WAIT_MS } = facts.prefer;
  const request = { operationId: checkOutCartRoute.operationId, clientID, facts, waitMs };
  const id = jobs.idOf(request);

  const watch = feed.watch(id);
  try {
    const reply = await jobs.send(checkOutJob, { clientID }, { ...request, id });
    if (reply.outcome !== 'accepted') return { kind: 'refused', reply };
    const leftMs = facts.startedAt + waitMs - Date.now();
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
