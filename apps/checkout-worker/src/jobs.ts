import {
  causedBy,
  checkoutCompletedEvent,
  checkoutFailedEvent,
  checkoutJobsQueue,
  checkoutResultsQueue,
  CHECKOUT_JOBS,
  createMessage,
  type CheckoutJob,
} from '@souk/contracts';
import {
  consumeBatches,
  DONE,
  outgoing,
  type BatchConsumer,
  type Broker,
  type Delivery,
  type observeConsumers,
  type Outgoing,
  type Publisher,
  type Verdict,
} from '@souk/messaging';
import type { Counter, Logger } from '@souk/service';
import type { CheckoutOutcome } from './checkout';

interface ConsumerDeps {
  broker: Broker;
  publisher: Publisher;
  logger: Logger;
  batchMax: number;
  observed: ReturnType<typeof observeConsumers>;
  outcomes: Counter<'outcome'>;
}

/** Consumes `checkout-worker.jobs`: runs checkouts and publishes their results before acknowledging the jobs. */
export function consumeCheckoutJobs(
  deps: ConsumerDeps,
  run: (jobs: CheckoutJob[]) => Promise<CheckoutOutcome[]>,
): BatchConsumer {
  const { broker, publisher, logger, observed } = deps;

  const handle = async (batch: Delivery<CheckoutJob>[]): Promise<Verdict[]> => {
    const jobs = batch.map(({ message }) => message);
    const outcomes = await run(jobs);
    outcomes.forEach((outcome, index) => {
      deps.outcomes.inc({ outcome: outcome.kind === 'failed' ? outcome.code : outcome.kind });
      if (outcome.kind === 'waiting')
        logger.warn({ orderID: jobs[index]!.data.orderID, reason: outcome.reason }, 'a checkout has to wait');
    });
    // A cart worker of an earlier release sends jobs alone, and doesn't know bundles.
    const areBundled = batch.some(({ isBundled }) => isBundled);
    await publisher.publish(
      outcomes.flatMap((outcome, index) => toResult(jobs[index]!, outcome)),
      { areBundled },
    );
    return outcomes.map(toVerdict);
  };

  return consumeBatches(broker, {
    ...deps,
    queue: checkoutJobsQueue,
    messages: CHECKOUT_JOBS,
    weigh: (jobs) => Promise.resolve(jobs.map(({ data }) => ('items' in data ? data.items.length : 1))),
    handle,
    ...observed(checkoutJobsQueue.name),
  });
}

function toResult(job: CheckoutJob, outcome: CheckoutOutcome): Outgoing[] {
  const { orderID } = job.data;
  const origin = causedBy(job);
  switch (outcome.kind) {
    case 'completed':
      return [outgoing(checkoutResultsQueue, createMessage(checkoutCompletedEvent, { orderID }, origin))];
    case 'failed': {
      const { code, error, shortages, reason } = outcome;
      const data = { orderID, code, error, ...(reason ? { reason } : {}) };
      const message = createMessage(checkoutFailedEvent, data, origin);
      if (!shortages) return [outgoing(checkoutResultsQueue, message)];
      const completeMessage = { ...message, data: { ...data, shortages } };
      // The order has to settle even if the message with its shortages is too large for the broker.
      return [outgoing(checkoutResultsQueue, completeMessage, message)];
    }
    case 'waiting':
    case 'broken':
      return [];
  }
}

function toVerdict(outcome: CheckoutOutcome): Verdict {
  if (outcome.kind === 'waiting') return { kind: 'wait', reason: outcome.reason };
  if (outcome.kind === 'broken') return { kind: 'dead', reason: outcome.reason };
  return DONE;
}
