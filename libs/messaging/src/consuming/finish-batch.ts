import { retryWithBackoff } from '@souk/service';
import type { Publisher } from '../publishing/publisher';
import { acknowledgeJobs, returnJobs } from './acknowledge-jobs';
import { isInvalid, type Consumer, type ReceivedJob } from './job-delivery';
import { createBatchProcessor, type BatchHandling } from './process-batch';

const PUBLISH_BACKOFF = { initialMs: 100, maxMs: 5_000, attemptsMax: 10 };

/** Processes a batch, publishes its copies and acknowledges it. If that is impossible, returns it to the queue. */
type FinishBatch<Message> = (consumer: Consumer<Message>, batch: ReceivedJob<Message>[]) => Promise<void>;

/** @param signal ends the retries of publishing */
export function createBatchFinisher<Message>(
  options: BatchHandling<Message> & { publisher: Publisher },
  signal: AbortSignal,
): FinishBatch<Message> {
  const { queue, logger, publisher } = options;
  const process = createBatchProcessor(options);

  const finish = async (consumer: Consumer<Message>, batch: ReceivedJob<Message>[], isWhole = true) => {
    const copies = await process(batch);
    await retryWithBackoff(() => publisher.publish(copies), {
      ...PUBLISH_BACKOFF,
      shouldRetry: (error) => consumer.isCurrent() && !isInvalid(error),
      signal,
    });
    if (consumer.isCurrent()) acknowledgeJobs(consumer, batch, { isWhole });
  };

  /** @param rest jobs of the batch that aren't finished */
  const returnToQueue = (consumer: Consumer<Message>, rest: readonly ReceivedJob<Message>[]) => {
    try {
      if (consumer.isCurrent()) returnJobs(consumer, rest);
    } catch (error) {
      logger.debug({ err: error, queue: queue.name }, 'the channel is closed; the broker redelivers its messages');
    }
  };

  /** Finishes each job alone after the broker has refused a copy. The source of that job is rejected, so the broker dead-letters it. */
  const finishAlone = async (consumer: Consumer<Message>, batch: readonly ReceivedJob<Message>[]) => {
    for (const [index, job] of batch.entries()) {
      try {
        await finish(consumer, [job], false);
      } catch (error) {
        logger.error({ err: error, queue: queue.name }, 'could not finish a message');
        if (!isInvalid(error)) return returnToQueue(consumer, batch.slice(index));
        job.source.isRejected = true;
        if (consumer.isCurrent()) acknowledgeJobs(consumer, [job], { isWhole: false });
      }
    }
  };

  return async (consumer, batch) => {
    try {
      await finish(consumer, batch);
    } catch (error) {
      // The jobs are finished or redelivered. Their effects may already be committed, which the inbox detects.
      logger.warn({ err: error, queue: queue.name }, 'could not finish a batch');
      if (!isInvalid(error)) return returnToQueue(consumer, batch);
      await finishAlone(consumer, batch).catch((failure: unknown) => {
        logger.warn({ err: failure, queue: queue.name }, 'could not finish the messages of a batch');
        returnToQueue(consumer, batch);
      });
    }
  };
}
