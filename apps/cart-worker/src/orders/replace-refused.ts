import {
  causedBy,
  checkoutJobsQueue,
  createMessage,
  failCheckoutJob,
  ordersExchange,
  type CheckoutJob,
  type OrderEvent,
} from '@souk/contracts';
import { outgoing, type Outgoing } from '@souk/messaging';

/**
 * @returns the replacement for a message that the broker will never accept: a job that fails the checkout, or an event without
 * the order's lines and shortages; nothing for any other message
 */
export function replaceRefused({ content }: Outgoing): Outgoing[] {
  const message = JSON.parse(content.toString('utf8')) as CheckoutJob | OrderEvent;
  switch (message.type) {
    case 'run-checkout': {
      const { orderID, total } = message.data;
      return [outgoing(checkoutJobsQueue, createMessage(failCheckoutJob, { orderID, total }, causedBy(message)))];
    }
    case 'order.completed':
    case 'order.failed': {
      const { shortages: _, ...order } = message.data;
      return [outgoing(ordersExchange, { ...message, data: { ...order, items: [] } })];
    }
    case 'fail-checkout':
    case 'undo-checkout':
      return [];
  }
}
