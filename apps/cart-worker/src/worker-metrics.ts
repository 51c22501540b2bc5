import { observeConsumers } from '@souk/messaging';
import { Counter, type Registry } from '@souk/service';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    observed: observeConsumers(registry),
    replies: new Counter({
      name: 'souk_cart_replies_total',
      help: 'Replies to cart jobs, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    droppedLate: new Counter({
      name: 'souk_cart_jobs_dropped_total',
      help: 'Cart jobs dropped because they arrived after their notAfter',
      registers,
    }),
    rechecked: new Counter({
      name: 'souk_orders_rechecked_total',
      help: 'Checkout jobs resent for orders that had been processing for too long',
      registers,
    }),
    contradictions: new Counter({
      name: 'souk_order_contradictions_total',
      help: 'Checkout results that contradict the final status of their order',
      registers,
    }),
  };
}
