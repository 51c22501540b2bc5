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
  observed: ReturnType<typeof observeConsumers>;
}

/** Runs a consumer. Each has its own queue, batch in flight and catch-up, so none waits for another. */
export function runConsumer(deps: RunConsumerDeps, consumer: Consumer): { stop(): Promise<void> } {
  const { broker, publisher, batchMax, catchUpIntervalMs, observed, ...shared } = deps;
  const ingestion: IngestionDeps = { ...shared, consumer };
  const observer = observed(QUEUES[consumer.name].name);
  const messages = consumeTransactions({ broker, publisher, batchMax, ...observer }, ingestion);
  const catchUps = scheduleCatchUp(catchUpIntervalMs, consumer.name, deps.logger, () => catchUp(ingestion));
  // Messages published before the queue was bound never reached it, so every connection triggers a catch-up.
  broker.onConnected(catchUps.request);
  consumer.start?.();
  return {
    stop: async () => {
      await Promise.all([messages.stop(), catchUps.stop(), consumer.stop?.()]);
    },
  };
}
