import {
  analyticsQueue,
  fraudDetectionQueue,
  notificationsQueue,
  TRANSACTION_EVENTS,
  type JobQueue,
  type TransactionEvent,
} from '@souk/contracts';
import {
  consumeBatches,
  DONE,
  type BatchConsumer,
  type BatchConsumerOptions,
  type Broker,
  type Delivery,
  type Publisher,
  type Verdict,
} from '@souk/messaging';
import type { ConsumerName } from '../consumer';
import { toAccountEvents } from './account-events';
import { applyEvents, type IngestionDeps } from './apply-events';

/** The queue of each consumer. */
export const QUEUES: Record<ConsumerName, JobQueue> = {
  'fraud-detection': fraudDetectionQueue,
  notifications: notificationsQueue,
  analytics: analyticsQueue,
};

/**
 * No client waits for derived data, and a batch costs about the same whatever its size. Without this delay, consumers that keep
 * up with a busy wallet would apply a few events at a time and compete with it for CPU time.
 */
const GATHER_MS = 200;

interface ConsumeOptions extends Pick<BatchConsumerOptions<never>, 'onBatch' | 'onVerdict'> {
  broker: Broker;
  publisher: Publisher;
  batchMax: number;
}

/** Applies the messages of a consumer's queue, which may arrive in any order and more than once. */
export function consumeTransactions(consumeOptions: ConsumeOptions, deps: IngestionDeps): BatchConsumer {
  const { broker, ...options } = consumeOptions;
  return consumeBatches(broker, {
    ...options,
    queue: QUEUES[deps.consumer.name],
    messages: TRANSACTION_EVENTS,
    gatherMs: GATHER_MS,
    logger: deps.logger,
    handle: (batch) => applyMessages(deps, batch),
  });
}

async function applyMessages(deps: IngestionDeps, batch: readonly Delivery<TransactionEvent>[]): Promise<Verdict[]> {
  const eventsPerMessage = batch.map(({ message }) => toAccountEvents(message.data));
  const lastInWallet = await applyEvents(deps, eventsPerMessage.flat());
  return eventsPerMessage.map((events) => {
    const invalid = events.find(({ accountId, sequence }) => sequence > (lastInWallet.get(accountId) ?? Infinity));
    if (!invalid) return DONE;
    const { accountId, sequence } = invalid;
    const last = lastInWallet.get(accountId)!;
    return {
      kind: 'dead',
      reason: `the wallet has no event ${sequence} of account ${accountId}: its events end at ${last}`,
    };
  });
}
