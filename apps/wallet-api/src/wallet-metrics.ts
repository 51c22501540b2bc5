import { Counter, Gauge, Histogram, type Registry } from '@souk/service';

export type WalletMetrics = ReturnType<typeof createWalletMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createWalletMetrics(registry: Registry) {
  const registers = [registry];
  return {
    batchCommands: new Histogram({
      name: 'souk_wallet_batch_commands',
      help: 'Commands a transaction of the lane',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
    batchDuration: new Histogram({
      name: 'souk_wallet_batch_duration_seconds',
      help: 'Time a transaction of the lane took, its repetitions included',
      buckets: SECONDS,
      registers,
    }),
    batchReruns: new Counter({
      name: 'souk_wallet_batch_reruns_total',
      help: 'Transactions of the lane run again: for a lock, or because another replica was first with a key',
      labelNames: ['reason'],
      registers,
    }),
    laneWaiting: new Gauge({
      name: 'souk_wallet_lane_calls',
      help: 'Calls in the lane, under way or waiting',
      registers,
    }),
    operationDuration: new Histogram({
      name: 'souk_wallet_operation_duration_seconds',
      help: 'Time from the submission of an operation to its answer, by operation and outcome',
      labelNames: ['operation', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
  };
}
