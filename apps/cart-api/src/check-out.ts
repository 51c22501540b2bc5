import { checkOutCartRoute, checkOutJob } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import type { CartJobs } from './cart-jobs';
import type { OrderFeed } from './order-feed';
import { waitForOrder, waitOf, type OrderResult } from './wait-for-order';

export interface CheckOutDeps {
  jobs: CartJobs;
  feed: OrderFeed;
}

export interface CheckOutCommand {
  clientID: string;
  facts: RequestFacts;
}

/**
 * Turns the cart into an order and waits for its end. 202 is never answered for an order that doesn't exist.
 * @throws AppError `unavailable` when surely nothing was done, `timeout` when the order was not accepted in time
 */
export function checkOut({ jobs, feed }: CheckOutDeps, { clientID, facts }: CheckOutCommand): Promise<OrderResult> {
  const { operationId } = checkOutCartRoute;
  const request = { operationId, actsFor: clientID, actor: clientID, facts, waitMs: waitOf(facts) };
  const id = jobs.idOf(request);
  const send = () => jobs.send(checkOutJob, { clientID }, { ...request, id });
  return waitForOrder(feed, { orderID: id, facts }, send);
}
