import { cancelOrderJob, cancelOrderRoute } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import type { CheckOutDeps } from './check-out';
import { waitForOrder, waitOf, type OrderResult } from './wait-for-order';

interface CancelOrderCommand {
  orderID: string;
  actor: string;
  facts: RequestFacts;
}

/**
 * Requests the cancellation of an order and waits until the order has settled: cancelled, unless it settles in another way first.
 * @throws AppError `unavailable` if nothing was done, `timeout` if the outcome is unknown
 */
export function cancelOrder(
  { jobs, feed }: CheckOutDeps,
  { orderID, actor, facts }: CancelOrderCommand,
): Promise<OrderResult> {
  const { operationId } = cancelOrderRoute;
  const request = { operationId, actsFor: orderID, actor, facts, waitMs: waitOf(facts) };
  return waitForOrder(feed, { orderID, facts }, () => jobs.changeOrder(cancelOrderJob, { orderID }, request));
}
