import {
  causedBy,
  checkoutJobsQueue,
  createMessage,
  orderCompletedEvent,
  orderFailedEvent,
  ordersExchange,
  runCheckoutJob,
  undoCheckoutJob,
  type CheckoutResult,
  type OrderState,
} from '@souk/contracts';
import { outgoing, type Outgoing } from '@souk/messaging';
import { formatAmount } from '@souk/money';
import type { NewOrder, Order, StoredOrder } from './order-rows';

/** Converts an order to the form that messages carry. */
export function toOrderState(order: Order): OrderState {
  return {
    ...order,
    items: order.items.map((item) => ({ ...item, unitPrice: formatAmount(item.unitPrice) })),
    total: formatAmount(order.total),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** The job that runs an order's checkout. A resent job has the same ids and prices. */
export function toCheckoutJob({ order, origin }: NewOrder): Outgoing {
  const { orderID, clientID, items, total, currency } = toOrderState(order);
  const data = { orderID, clientID, items, total, currency };
  return outgoing(checkoutJobsQueue, createMessage(runCheckoutJob, data, { ...origin, causationId: orderID }));
}

/** The event that reports a settled order. */
export function toOrderEvent(order: Order, { origin }: StoredOrder, result: CheckoutResult): Outgoing {
  const declaration = order.status === 'completed' ? orderCompletedEvent : orderFailedEvent;
  const message = createMessage(declaration, toOrderState(order), { ...causedBy(result), ...origin });
  return outgoing(ordersExchange, message);
}

/** The job that undoes a checkout whose order doesn't exist. */
export function toUndoJob(result: CheckoutResult): Outgoing {
  const { orderID } = result.data;
  return outgoing(checkoutJobsQueue, createMessage(undoCheckoutJob, { orderID }, causedBy(result)));
}
