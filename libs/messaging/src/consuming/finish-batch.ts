import { retryWithBackoff } from '@souk/service';
import type { ConsumeMessage } from 'amqplib';
import type { Publisher } from '../publishing/publisher';
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
    if (consumer.isCurrent())
      forEachFrame(consumer, batch, (raw, isMultiple) => consumer.channel.ack(raw, isMultiple && isWhole));
  };

  /**
   * Finishes each message alone after the broker has refused a copy. The message whose copy is refused is rejected, so that the
   * broker dead-letters it.
   */
  const finishAlone = async (consumer: Consumer<Message>, batch: readonly ReceivedJob<Message>[]) => {
    for (const job of batch) {
      try {
        await finish(consumer, [job], false);
      } catch (error) {
        logger.error({ err: error, queue: queue.name }, 'could not finish a message');
        if (consumer.isCurrent()) consumer.channel.nack(job.raw, false, !isInvalid(error));
      }
    }
  };

  const returnToQueue = (consumer: Consumer<Message>, batch: readonly ReceivedJob<Message>[]) => {
    try {
      if (consumer.isCurrent())
        forEachFrame(consumer, batch, (raw, isMultiple) => consumer.channel.nack(raw, isMultiple, true));
    } catch (error) {
      logger.debug({ err: error, queue: queue.name }, 'the channel is closed; the broker redelivers its messages');
    }
  };

  return async (consumer, batch) => {
    try {
      await finish(consumer, batch);
    } catch (error) {
      if (isInvalid(error)) {
        await finishAlone(consumer, batch);
        return;
      }
      // The jobs are redelivered. Their effects may already be committed, which the inbox detects.
      logger.warn({ err: error, queue: queue.name }, 'could not finish a batch');
      returnToQueue(consumer, batch);
    }
  };
}

/** Calls `send` once with `multiple` if the batch contains every delivery up to its last message, otherwise once per message. */
function forEachFrame(
  { buffer }: Consumer<unknown>,
  batch: readonly ReceivedJob[],
  send: (raw: ConsumeMessage, isMultiple: boolean) => void,
): void {
  const last = batch.at(-1)!.raw;
  const isPrefix = buffer.every(({ raw }) => raw.fields.deliveryTag > last.fields.deliveryTag);
  if (isPrefix) send(last, true);
  else for (const { raw } of batch) send(raw, false);
}
