import { observeConsumers } from '@souk/messaging';
import { Counter, type Registry } from '@souk/service';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    observed: observeConsumers(registry),
    replies: new Counter({
      name: 'souk_cart_replies_total',
      help: 'Answers to cart jobs',
      labelNames: ['outcome'],
      registers,
    }),
    droppedLate: new Counter({
      name: 'souk_cart_jobs_dropped_total',
      help: 'Jobs that came after their notAfter',
      registers,
    }),
    rechecked: new Counter({ name: 'souk_orders_rechecked_total', help: 'Orders whose job was sent again', registers }),
    contradictions: new Counter({
      name: 'souk_order_contradictions_total',
      help: 'Results that contradict what an order became',
      registers,
    }),
  };
}
