import { retryWithBackoff } from '@souk/service';
import type { ConsumeMessage } from 'amqplib';
import type { Publisher } from '../publishing/publisher';
import { isInvalid, type Consumer, type ReceivedJob } from './job-delivery';
import { createBatchProcessor, type BatchHandling } from './process-batch';

const PUBLISH_BACKOFF = { initialMs: 100, maxMs: 5_000, attemptsMax: 10 };

/** Processes a batch, publishes its copies and acknowledges it. If that is impossible, returns it to the queue. */
export type FinishBatch<Message> = (from: Consumer<Message>, batch: ReceivedJob<Message>[]) => Promise<void>;

/** @param signal ends the retries of publishing */
export function createBatchFinisher<Message>(
  options: BatchHandling<Message> & { publisher: Publisher },
  signal: AbortSignal,
): FinishBatch<Message> {
  const { queue, logger, publisher } = options;
  const process = createBatchProcessor(options);

  const acknowledge = async (from: Consumer<Message>, batch: ReceivedJob<Message>[], isWhole = true) => {
    const copies = await process(batch);
    await retryWithBackoff(() => publisher.publish(copies), {
      ...PUBLISH_BACKOFF,
      shouldRetry: (error) => from.isCurrent() && !isInvalid(error),
      signal,
    });
    if (from.isCurrent()) forEachFrame(from, batch, (raw, isMultiple) => from.channel.ack(raw, isMultiple && isWhole));
  };

  /** Finishes each message alone after the broker has refused a copy. That message is rejected, so the broker dead-letters it. */
  const acknowledgeAlone = async (from: Consumer<Message>, batch: readonly ReceivedJob<Message>[]) => {
    for (const job of batch) {
      try {
        await acknowledge(from, [job], false);
      } catch (error) {
        logger.error({ err: error, queue: queue.name }, 'a message could not be settled');
        if (from.isCurrent()) from.channel.nack(job.raw, false, !isInvalid(error));
      }
    }
  };

  const giveBack = (from: Consumer<Message>, batch: readonly ReceivedJob<Message>[]) => {
    try {
      if (from.isCurrent()) forEachFrame(from, batch, (raw, isMultiple) => from.channel.nack(raw, isMultiple, true));
    } catch (error) {
      logger.debug({ err: error, queue: queue.name }, 'the channel is gone: the broker delivers its messages again');
    }
  };

  return async (from, batch) => {
    try {
      await acknowledge(from, batch);
    } catch (error) {
      if (isInvalid(error)) {
        await acknowledgeAlone(from, batch);
        return;
      }
      // The jobs are redelivered. Their effects may already be committed, which the inbox detects.
      logger.warn({ err: error, queue: queue.name }, 'a batch could not be settled');
      giveBack(from, batch);
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
