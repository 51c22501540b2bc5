import { checkOutCartRoute, checkOutJob } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { formatAmount, type Minor } from '@souk/money';
import type { CartJobs } from './cart-jobs';
import type { OrderFeed } from './order-feed';
import { waitForOrder, waitMsOf, type OrderResult } from './wait-for-order';

export interface CheckOutDeps {
  jobs: Pick<CartJobs, 'idOf' | 'changeOrder'>;
  feed: OrderFeed;
}

interface CheckOutCommand {
  clientID: string;
  actor: string;
  /** The total that the client expects. If the cart's total differs, no order is created. */
  expectedTotal?: Minor | undefined;
  facts: RequestFacts;
}

/**
 * Turns the cart into an order and waits until the order has settled. A returned order has always been committed, even if it is
 * still processing.
 * @throws AppError `unavailable` if nothing was done, `timeout` if it is unknown whether there is an order
 */
export function checkOut(
  { jobs, feed }: CheckOutDeps,
  { clientID, actor, expectedTotal, facts }: CheckOutCommand,
): Promise<OrderResult> {
  const { operationId } = checkOutCartRoute;
  const request = { operationId, actsFor: clientID, actor, facts, waitMs: waitMsOf(facts) };
  const id = jobs.idOf(request);
  const data = { clientID, ...(expectedTotal === undefined ? {} : { expectedTotal: formatAmount(expectedTotal) }) };
  const send = () => jobs.changeOrder(checkOutJob, data, { ...request, id });
  return waitForOrder(feed, { orderID: id, facts }, send);
}
