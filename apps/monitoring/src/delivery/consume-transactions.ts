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
import { applyEvents, type DeliveryDeps } from './apply-events';

export const QUEUES: Record<ConsumerName, JobQueue> = {
  'fraud-detection': fraudDetectionQueue,
  notifications: notificationsQueue,
  analytics: analyticsQueue,
};

/**
 * No client waits for derived data, and a batch costs much the same whatever its size. Without this delay, consumers that keep up
 * with a busy wallet apply a few events at a time and compete with it for CPU time.
 */
const GATHER_MS = 50;

interface Consuming extends Pick<BatchConsumerOptions<never>, 'onBatch' | 'onVerdict'> {
  broker: Broker;
  publisher: Publisher;
  batchMax: number;
}

/** Applies the messages of a consumer's queue, which may arrive in any order and more than once. */
export function consumeTransactions(consuming: Consuming, deps: DeliveryDeps): BatchConsumer {
  const { broker, ...options } = consuming;
  return consumeBatches(broker, {
    ...options,
    queue: QUEUES[deps.consumer.name],
    messages: TRANSACTION_EVENTS,
    gatherMs: GATHER_MS,
    logger: deps.logger,
    handle: (batch) => applyMessages(deps, batch),
  });
}

async function applyMessages(deps: DeliveryDeps, batch: readonly Delivery<TransactionEvent>[]): Promise<Verdict[]> {
  const told = batch.map(({ message }) => toAccountEvents(message.data));
  const contradicted = await applyEvents(deps, told.flat());
  return told.map((ofMessage) => {
    const wrong = ofMessage.find(({ accountId, sequence }) => sequence > (contradicted.get(accountId) ?? Infinity));
    if (!wrong) return DONE;
    const { accountId, sequence } = wrong;
    const has = contradicted.get(accountId)!;
    return { kind: 'dead', reason: `event ${sequence} of account ${accountId}: the wallet has ${has} in a row` };
  });
}
