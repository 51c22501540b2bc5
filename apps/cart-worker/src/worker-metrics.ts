import { Counter, Histogram, type Registry } from '@souk/service';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    batchSize: new Histogram({
      name: 'souk_batch_size',
      help: 'Messages a batch',
      labelNames: ['queue'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
    verdicts: new Counter({
      name: 'souk_messages_total',
      help: 'Messages by what became of them; `dead` wants somebody to look',
      labelNames: ['queue', 'kind'],
      registers,
    }),
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
