import type { OrderReply } from '@souk/contracts';
import type { Transaction } from '@souk/database';
import { orderIDOf, type CancelOrderJob } from '../job-kinds';
import { toOrderState } from './order-messages';
import type { StoredOrder } from './order-rows';
import { lockOrders, requestCancellation } from './order-store';

const ORDER_NOT_FOUND: OrderReply = {
  outcome: 'refused',
  replayed: false,
  code: 'ORDER_NOT_FOUND',
  message: 'There is no such order',
};

/**
 * Requests the cancellation of orders that are processing. A settled order is unchanged, and the reply contains its outcome.
 * @returns the reply to each job, by its id, and the orders whose checkouts must run again, so that they are cancelled
 */
export async function cancelOrders(
  tx: Transaction,
  jobs: readonly CancelOrderJob[],
): Promise<{ replies: (readonly [jobID: string, OrderReply])[]; ordersToRerun: StoredOrder[] }> {
  const orders = await lockOrders(tx, [...new Set(jobs.map(orderIDOf))].sort());
  const ordersToRerun = [...orders.values()].filter(
    ({ order, isCancelling }) => order.status === 'processing' && !isCancelling,
  );
  requestCancellation(
    tx,
    ordersToRerun.map(({ order }) => order.orderID),
  );
  const replyTo = (job: CancelOrderJob): OrderReply => {
    const order = orders.get(orderIDOf(job))?.order;
    return order ? { outcome: 'accepted', replayed: false, order: toOrderState(order) } : ORDER_NOT_FOUND;
  };
  return { replies: jobs.map((job) => [job.id, replyTo(job)] as const), ordersToRerun };
}
