import { cancelOrderJob, cancelOrderRoute } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import type { CheckOutDeps } from './check-out';
import { waitForOrder, waitMsOf, type OrderResult } from './wait-for-order';

interface CancelOrderCommand {
  orderID: string;
  actor: string;
  facts: RequestFacts;
}

/**
 * Requests the cancellation of an order and waits until the order has settled: as cancelled, unless it has completed or failed
 * before.
 * @throws AppError `unavailable` if nothing was done, `timeout` if the outcome is unknown
 */
export function cancelOrder(
  { jobs, feed }: CheckOutDeps,
  { orderID, actor, facts }: CancelOrderCommand,
): Promise<OrderResult> {
  const { operationId } = cancelOrderRoute;
  const request = { operationId, actsFor: orderID, actor, facts, waitMs: waitMsOf(facts) };
  return waitForOrder(feed, { orderID, facts }, () => jobs.changeOrder(cancelOrderJob, { orderID }, request));
}
