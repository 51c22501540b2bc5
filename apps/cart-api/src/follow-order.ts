import type { EventStream } from '@souk/http';
import { AppError } from '@souk/service';
import { presentOrder } from './answers';
import type { CartQueries, QueryOrigin } from './cart-queries';
import { isSettled, type OrderFeed } from './order-feed';

export interface FollowOrderDeps {
  queries: CartQueries;
  feed: OrderFeed;
}

export const orderNotFound = () => new AppError('not_found', 'ORDER_NOT_FOUND', 'There is no such order');

/**
 * Sends an order as it is now and when it has settled, then ends the stream.
 * @throws AppError, before anything is sent: `not_found`, `unavailable`, `timeout`
 */
export async function followOrder(
  { queries, feed }: FollowOrderDeps,
  { orderID, origin }: { orderID: string; origin: QueryOrigin },
  stream: EventStream,
): Promise<void> {
  const watch = feed.watch(orderID);
  void stream.closed.then(watch.close);
  try {
    const order = await queries.order(orderID, origin);
    if (!order) throw orderNotFound();
    stream.send('status', presentOrder(order));
    const settled = isSettled(order) ? undefined : await watch.settled;
    if (settled) stream.send('status', presentOrder(settled));
    stream.end();
  } finally {
    watch.close();
  }
}
