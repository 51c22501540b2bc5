import {
  causedBy,
  checkoutJobsQueue,
  createMessage,
  ORDER_CANCELLED,
  orderCompletedEvent,
  orderFailedEvent,
  ordersExchange,
  undoCheckoutJob,
  type CheckoutResult,
  type OrderState,
} from '@souk/contracts';
import type { Database, Queryable } from '@souk/database';
import { outgoing, writeOutbox, type OutboxRelay } from '@souk/messaging';
import { lockCarts, returnToCarts } from '../carts/cart-store';
import { completeOrders, failOrder, lockOrders, type StoredOrder } from './order-store';

export interface SettleOrdersDeps {
  db: Database;
  outbox: Pick<OutboxRelay, 'nudge'>;
  /** A result contradicts the final state of its order: a promise was broken, and someone must investigate. */
  onContradiction(result: CheckoutResult, order: OrderState): void;
  /** An order that doesn't exist was charged: its checkout is being undone. */
  onOrphan(result: CheckoutResult): void;
}

/** An order that leaves `processing`, and the result that causes it. */
type Settled = { stored: StoredOrder; order: OrderState; result: CheckoutResult };

/**
 * Applies the results of checkouts: an order leaves `processing` once, a failed one returns its items to the cart, and
 * waiting requests are notified through the outbox. A repeated result changes nothing. A completed checkout whose order doesn't
 * exist is undone by the checkout worker.
 * @returns for each result whether it was handled; if not, its order doesn't exist
 * @throws AppError `unavailable` or `timeout` if CartDB doesn't answer; applying the results again is safe
 */
export async function settleOrders(deps: SettleOrdersDeps, results: readonly CheckoutResult[]): Promise<boolean[]> {
  const { isKnown, orphans, entries } = await deps.db.transaction(async (tx) => {
    const stored = await lockOrders(tx, [...new Set(results.map(({ data }) => data.orderID))].sort());
    const now = new Date();
    const settled = new Map<string, Settled>();
    for (const result of results) {
      const known = stored.get(result.data.orderID);
      if (!known) continue;
      const present = settled.get(result.data.orderID)?.order ?? known.order;
      if (present.status === 'processing')
        settled.set(result.data.orderID, { stored: known, order: settledOrder(known, result, now), result });
      else if (present.status !== statusOf(result)) deps.onContradiction(result, present);
    }
    await writeSettled(tx, [...settled.values()], now);
    const isKnown = ({ data }: CheckoutResult) => stored.has(data.orderID);
    const orphans = results.filter((result) => !isKnown(result) && result.type === 'checkout.completed');
    const messages = [...[...settled.values()].map(toEvent), ...orphans.map(toUndoJob)];
    return { isKnown, orphans, entries: await writeOutbox(tx, messages) };
  });
  deps.outbox.nudge(entries);
  orphans.forEach(deps.onOrphan);
  return results.map((result) => isKnown(result) || orphans.includes(result));
}

const statusOf = (result: CheckoutResult) => (result.type === 'checkout.completed' ? 'completed' : 'failed');

function settledOrder({ order, isCancelling }: StoredOrder, result: CheckoutResult, now: Date): OrderState {
  const settled = { ...order, updatedAt: now.toISOString(), status: statusOf(result) } as const;
  if (result.type === 'checkout.completed') return settled;
  // The cancellation was requested earlier, so it determines the code.
  if (isCancelling) return { ...settled, code: 'CANCELLED', error: ORDER_CANCELLED };
  const { code, error, shortages, reason } = result.data;
  return { ...settled, code, error, ...(shortages ? { shortages } : {}), ...(reason ? { reason } : {}) };
}

async function writeSettled(tx: Queryable, settled: readonly Settled[], now: Date): Promise<void> {
  const completed = settled.filter(({ order }) => order.status === 'completed').map(({ order }) => order.orderID);
  const failed = settled.filter(({ order }) => order.status === 'failed').map(({ order }) => order);
  let left = completed.length > 0 ? await completeOrders(tx, completed, now) : 0;
  for (const order of failed) {
    const { orderID, code, error, shortages, reason } = order;
    left += await failOrder(tx, { orderID, code: code as Exclude<typeof code, ''>, error, shortages, reason }, now);
  }
  if (left !== settled.length) throw new Error('an order that was locked in processing left it elsewhere');
  await lockCarts(
    tx,
    failed.map(({ clientID }) => clientID),
  );
  await returnToCarts(tx, mergedItems(failed));
}

/** The lines of failed orders, summed per cart line. */
function mergedItems(orders: readonly OrderState[]): [string, string, number][] {
  const rows = new Map<string, [string, string, number]>();
  for (const { clientID, items } of orders) {
    for (const { productID, quantity } of items) {
      const key = JSON.stringify([clientID, productID]);
      rows.set(key, [clientID, productID, (rows.get(key)?.[2] ?? 0) + quantity]);
    }
  }
  return [...rows.values()];
}

function toEvent({ stored, order, result }: Settled) {
  const origin = { ...causedBy(result), ...stored.origin };
  const declaration = order.status === 'completed' ? orderCompletedEvent : orderFailedEvent;
  return outgoing(ordersExchange, createMessage(declaration, order, origin));
}

function toUndoJob(result: CheckoutResult) {
  const { orderID } = result.data;
  return outgoing(checkoutJobsQueue, createMessage(undoCheckoutJob, { orderID }, causedBy(result)));
}
