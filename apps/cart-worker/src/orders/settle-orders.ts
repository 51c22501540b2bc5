import { ORDER_CANCELLED, type CheckoutResult } from '@souk/contracts';
import type { Database, Transaction } from '@souk/database';
import { writeOutbox, type OutboxRelay } from '@souk/messaging';
import { lockCarts, returnToCarts, type Line } from '../carts/cart-store';
import { toOrderEvent, toUndoJob } from './order-messages';
import type { Order, StoredOrder } from './order-rows';
import { completeOrders, failOrder, lockOrders } from './order-store';

export interface SettleOrdersDeps {
  db: Database;
  outbox: Pick<OutboxRelay, 'nudge'>;
  /** Called when a result contradicts the final state of its order: a promise was broken, and an operator must investigate. */
  onContradiction(result: CheckoutResult, order: Order): void;
  /** Called when an order that doesn't exist was charged, and its checkout is being undone. */
  onOrphan(result: CheckoutResult): void;
}

/** An order after it has left `processing`, and the result that settles it. */
interface Settlement {
  order: Order;
  stored: StoredOrder;
  result: CheckoutResult;
}

/**
 * Applies the results of checkouts: an order leaves `processing` once, a failed one returns its items to the cart, and
 * waiting requests are notified through the outbox. A repeated result changes nothing. A completed checkout whose order doesn't
 * exist is undone by the checkout worker.
 * @returns for each result, whether it was handled; if not, its order doesn't exist
 * @throws AppError `unavailable` or `timeout` if CartDB doesn't respond; applying the results again is safe
 */
export async function settleOrders(deps: SettleOrdersDeps, results: readonly CheckoutResult[]): Promise<boolean[]> {
  const { orders, orphans, entries } = await deps.db.transaction(async (tx) => {
    const orders = await lockOrders(tx, [...new Set(results.map(({ data }) => data.orderID))].sort());
    const now = new Date();
    const settlements = decideSettlements(deps, orders, results, now);
    writeSettlements(tx, settlements, now);
    const orphans = results.filter(({ type, data }) => type === 'checkout.completed' && !orders.has(data.orderID));
    const events = settlements.map(({ order, stored, result }) => toOrderEvent(order, stored, result));
    return { orders, orphans, entries: writeOutbox(tx, [...events, ...orphans.map(toUndoJob)]) };
  });
  deps.outbox.nudge(entries);
  orphans.forEach(deps.onOrphan);
  return results.map((result) => orders.has(result.data.orderID) || orphans.includes(result));
}

/** The first result for an order that is processing settles it. */
function decideSettlements(
  { onContradiction }: SettleOrdersDeps,
  orders: ReadonlyMap<string, StoredOrder>,
  results: readonly CheckoutResult[],
  now: Date,
): Settlement[] {
  const settlements = new Map<string, Settlement>();
  for (const result of results) {
    const { orderID } = result.data;
    const stored = orders.get(orderID);
    if (!stored) continue;
    const order = settlements.get(orderID)?.order ?? stored.order;
    if (order.status === 'processing')
      settlements.set(orderID, { order: settledOrder(stored, result, now), stored, result });
    else if (order.status !== statusOf(result)) onContradiction(result, order);
  }
  return [...settlements.values()];
}

const statusOf = (result: CheckoutResult) => (result.type === 'checkout.completed' ? 'completed' : 'failed');

function settledOrder({ order, isCancelling }: StoredOrder, result: CheckoutResult, now: Date): Order {
  const settled = { ...order, updatedAt: now, status: statusOf(result) } as const;
  if (result.type === 'checkout.completed') return settled;
  // The cancellation was requested earlier, so it determines the code.
  if (isCancelling) return { ...settled, code: 'CANCELLED', error: ORDER_CANCELLED };
  const { code, error, shortages, reason } = result.data;
  return { ...settled, code, error, ...(shortages ? { shortages } : {}), ...(reason ? { reason } : {}) };
}

function writeSettlements(tx: Transaction, settlements: readonly Settlement[], now: Date): void {
  const orders = settlements.map(({ order }) => order);
  const completed = orders.filter(({ status }) => status === 'completed');
  const failed = orders.filter(({ status }) => status === 'failed');
  completeOrders(
    tx,
    completed.map(({ orderID }) => orderID),
    now,
  );
  for (const order of failed) failOrder(tx, order);
  lockCarts(
    tx,
    failed.map(({ clientID }) => clientID),
  );
  returnToCarts(tx, cartLinesOf(failed));
}

/** The lines of failed orders, summed per cart line. */
function cartLinesOf(orders: readonly Order[]): Line[] {
  const lines = new Map<string, Line>();
  for (const { clientID, items } of orders) {
    for (const { productID, quantity } of items) {
      const key = JSON.stringify([clientID, productID]);
      lines.set(key, [clientID, productID, (lines.get(key)?.[2] ?? 0) + quantity]);
    }
  }
  return [...lines.values()];
}
