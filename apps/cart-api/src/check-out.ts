import { checkOutCartRoute, checkOutJob } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { formatAmount, type Minor } from '@souk/money';
import type { CartJobs } from './cart-jobs';
import type { OrderFeed } from './order-feed';
import { waitForOrder, waitOf, type OrderResult } from './wait-for-order';

export interface CheckOutDeps {
  jobs: Pick<CartJobs, 'idOf' | 'changeOrder'>;
  feed: OrderFeed;
}

interface CheckOutCommand {
  clientID: string;
  /** The total that the client expects; no order with another total is created. */
  expectedTotal?: Minor | undefined;
  facts: RequestFacts;
}

/**
 * Turns the cart into an order and waits until it has settled. Never answers 202 for an order that doesn't exist.
 * @throws AppError `unavailable` if nothing was done, `timeout` if the order was not accepted in time
 */
export function checkOut(
  { jobs, feed }: CheckOutDeps,
  { clientID, expectedTotal, facts }: CheckOutCommand,
): Promise<OrderResult> {
  const { operationId } = checkOutCartRoute;
  const request = { operationId, actsFor: clientID, actor: clientID, facts, waitMs: waitOf(facts) };
  const id = jobs.idOf(request);
  const data = { clientID, ...(expectedTotal === undefined ? {} : { expectedTotal: formatAmount(expectedTotal) }) };
  const send = () => jobs.changeOrder(checkOutJob, data, { ...request, id });
  return waitForOrder(feed, { orderID: id, facts }, send);
}
