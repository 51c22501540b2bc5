import type { Broker, Publisher, observeConsumers } from '@souk/messaging';
import type { Consumer } from '../consumer';
import type { IngestionDeps } from './apply-events';
import { catchUp } from './catch-up';
import { consumeTransactions, QUEUES } from './consume-transactions';
import { scheduleCatchUp } from './schedule-catch-up';

export interface RunConsumerDeps extends Omit<IngestionDeps, 'consumer'> {
  broker: Broker;
  publisher: Publisher;
  batchMax: number;
  catchUpIntervalMs: number;
  createConsumerObserver: ReturnType<typeof observeConsumers>;
}

/** Runs a consumer. Each consumer has its own queue, batches and catch-ups, so none waits for another. */
export function runConsumer(deps: RunConsumerDeps, consumer: Consumer): { stop(): Promise<void> } {
  const { broker, publisher, batchMax, catchUpIntervalMs, createConsumerObserver, ...shared } = deps;
  const ingestion: IngestionDeps = { ...shared, consumer };
  const observer = createConsumerObserver(QUEUES[consumer.name].name);
  const messageConsumer = consumeTransactions({ broker, publisher, batchMax, ...observer }, ingestion);
  const catchUpSchedule = scheduleCatchUp(catchUpIntervalMs, consumer.name, deps.logger, () => catchUp(ingestion));
  // Messages that were published before the queue was bound never reach it, so every connection triggers a catch-up.
  broker.onConnected(catchUpSchedule.request);
  consumer.start?.();
  return {
    stop: async () => {
      await Promise.all([messageConsumer.stop(), catchUpSchedule.stop(), consumer.stop?.()]);
    },
  };
}
