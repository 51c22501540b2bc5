import type { OrderState } from '@souk/contracts';
import type { EventStream } from '@souk/http';
import { AppError } from '@souk/service';
import { presentOrder } from './answers';
import type { CartQueries, QueryOrigin } from './cart-queries';
import { isSettled, type OrderFeed } from './order-feed';

interface FollowOrderDeps {
  queries: CartQueries;
  feed: OrderFeed;
}

export const orderNotFound = () => new AppError('not_found', 'ORDER_NOT_FOUND', 'There is no such order');

/**
 * Sends an order's current state and, if it is still processing, its final state; then ends the stream. A client that has seen
 * the final event gets 204.
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
    if (isSettled(order) && stream.lastEventId === eventIdOf(order)) {
      stream.finish();
      return;
    }
    sendStatus(stream, order);
    const settled = isSettled(order) ? undefined : await watch.settled;
    if (settled) sendStatus(stream, settled);
    stream.end();
  } finally {
    watch.close();
  }
}

const sendStatus = (stream: EventStream, order: OrderState) =>
  stream.send('status', eventIdOf(order), presentOrder(order));

/** Unique per state: an order's status changes only once. */
const eventIdOf = ({ status, updatedAt }: OrderState) => `${status}-${updatedAt}`;
