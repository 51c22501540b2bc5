import { Counter, Histogram, type Registry } from '@souk/service';
import type { BatchConsumerOptions } from './batch-consumer';

/**
 * Registers the consumer metrics of a process; call it once per process.
 * @returns a function that creates the hooks for a queue's consumer
 */
export function observeConsumers(registry: Registry) {
  const registers = [registry];
  const batchSizes = new Histogram({
    name: 'souk_batch_size',
    help: 'Jobs per batch',
    labelNames: ['queue'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const verdicts = new Counter({
    name: 'souk_messages_total',
    help: 'Handled jobs by verdict; each `dead` one needs an operator',
    labelNames: ['queue', 'kind'],
    registers,
  });
  return (queue: string): Pick<BatchConsumerOptions<never>, 'onBatch' | 'onVerdict'> => ({
    onBatch: (size) => batchSizes.observe({ queue }, size),
    onVerdict: (kind) => verdicts.inc({ queue, kind }),
  });
}
