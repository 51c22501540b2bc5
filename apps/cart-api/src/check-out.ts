import { checkOutCartRoute, checkOutJob } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { formatAmount, type Minor } from '@souk/money';
import type { CartJobs } from './cart-jobs';
import type { OrderFeed } from './order-feed';
import { waitForOrder, waitOf, type OrderResult } from './wait-for-order';

export interface CheckOutDeps {
  jobs: CartJobs;
  feed: OrderFeed;
}

export interface CheckOutCommand {
  clientID: string;
  /** What the client expects to pay; no order is made with another total. */
  expectedTotal?: Minor | undefined;
  facts: RequestFacts;
}

/**
 * Turns the cart into an order and waits for its end. 202 is never answered for an order that doesn't exist.
 * @throws AppError `unavailable` when surely nothing was done, `timeout` when the order was not accepted in time
 */
export function checkOut(
  { jobs, feed }: CheckOutDeps,
  { clientID, expectedTotal, facts }: CheckOutCommand,
): Promise<OrderResult> {
  const { operationId } = checkOutCartRoute;
  const request = { operationId, actsFor: clientID, actor: clientID, facts, waitMs: waitOf(facts) };
  const id = jobs.idOf(request);
  const data = { clientID, ...(expectedTotal === undefined ? {} : { expectedTotal: formatAmount(expectedTotal) }) };
  const send = () => jobs.send(checkOutJob, data, { ...request, id });
  return waitForOrder(feed, { orderID: id, facts }, send);
}
