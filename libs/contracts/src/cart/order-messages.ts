import { declareMessage, type MessageOf } from '../declaration/message';
import { orderStateSchema } from './order';

export const orderCompletedEvent = declareMessage({
  type: 'order.completed',
  version: 1,
  summary: 'An order was paid and its items were taken from stock.',
  data: orderStateSchema,
});

export const orderFailedEvent = declareMessage({
  type: 'order.failed',
  version: 1,
  summary: 'An order failed; its items are back in the cart, and nothing was charged.',
  data: orderStateSchema,
});

/** Everything the exchange `orders` carries. */
export const ORDER_EVENTS = [orderCompletedEvent, orderFailedEvent] as const;
export type OrderEvent = MessageOf<(typeof ORDER_EVENTS)[number]>;
