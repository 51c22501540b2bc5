import type { CartJob, CartReply } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { lockOrders, requestCancellation, type StoredOrder } from './order-store';

export type CancelOrderJob = Extract<CartJob, { type: 'cancel-order' }>;

const ORDER_NOT_FOUND: CartReply = {
  outcome: 'refused',
  replayed: false,
  code: 'ORDER_NOT_FOUND',
  message: 'There is no such order',
};

/**
 * Requests the cancellation of orders that are processing. A settled order is unchanged, and the reply contains its outcome.
 * @returns the reply to each job, by its id, and the orders whose checkouts must run again to be cancelled
 */
export async function cancelOrders(
  tx: Queryable,
  jobs: readonly CancelOrderJob[],
): Promise<{ replies: (readonly [string, CartReply])[]; cancelling: StoredOrder[] }> {
  const stored = await lockOrders(tx, [...new Set(jobs.map(({ data }) => data.orderID))].sort());
  const cancelling = [...stored.values()].filter(
    ({ order, isCancelling }) => order.status === 'processing' && !isCancelling,
  );
  await requestCancellation(
    tx,
    cancelling.map(({ order }) => order.orderID),
  );
  const replyTo = ({ data }: CancelOrderJob): CartReply => {
    const order = stored.get(data.orderID)?.order;
    return order ? { outcome: 'accepted', replayed: false, order } : ORDER_NOT_FOUND;
  };
  return { replies: jobs.map((job) => [job.id, replyTo(job)] as const), cancelling };
}
