import { Counter, Gauge, Histogram, type Registry } from '@souk/service';

export type InventoryMetrics = ReturnType<typeof createInventoryMetrics>;

export function createInventoryMetrics(registry: Registry) {
  const registers = [registry];
  return {
    batchCommands: new Histogram({
      name: 'souk_inventory_batch_commands',
      help: 'Commands per transaction of the lane',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
    batchDuration: new Histogram({
      name: 'souk_inventory_batch_duration_seconds',
      help: 'Duration of a transaction of the lane, including its reruns',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    batchReruns: new Counter({
      name: 'souk_inventory_batch_reruns_total',
      help: 'Transactions of the lane rerun because another replica was first',
      labelNames: ['reason'],
      registers,
    }),
    laneCalls: new Gauge({
      name: 'souk_inventory_lane_calls',
      help: 'Calls in the lane, in progress or waiting',
      registers,
    }),
    answers: new Counter({
      name: 'souk_inventory_answers_total',
      help: 'Commands by kind and answer',
      labelNames: ['kind', 'answer'],
      registers,
    }),
  };
}
