import type { MessageDeclaration, MessageOf } from '@souk/contracts';
import type { ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { Broker } from '../connection/broker';
import { consumeQueue } from '../connection/consume-queue';
import { openChannel } from '../connection/open-channel';
import { within } from '../connection/within';
import type { Publisher } from '../publishing/publisher';
import { createBatchFinisher } from './finish-batch';
import { createBatchForming, type BatchFormingOptions } from './form-batch';
import { toReceivedJobs, type Consumer } from './job-delivery';
import type { BatchHandling } from './process-batch';

export interface BatchConsumerOptions<Message> extends BatchHandling<Message>, BatchFormingOptions<Message> {
  /** Maximum number of jobs in a batch; also the prefetch count. */
  batchMax: number;
  publisher: Publisher;
}

export interface BatchConsumer {
  /** Stops taking deliveries and finishes the batch in flight. Jobs that can't be finished are redelivered. */
  stop(): Promise<void>;
}

/** Bounds the jobs in memory, since each message may be a bundle, and leaves messages for other consumers. */
const PREFETCH_MAX = 64;

/** The messages of an exchange are never bundles. */
const prefetchOf = ({ queue, batchMax }: BatchFormingOptions<never>) =>
  queue.binding ? batchMax : Math.min(batchMax, PREFETCH_MAX);

/** A broker that blocks this connection doesn't read from it, so cancelling would hang. */
const CANCEL_TIMEOUT_MS = 1_000;

/**
 * Consumes a job queue in batches, one at a time. Jobs that arrive while a batch is in flight form the next one. A job is
 * finished once its effect is committed, or once the broker has confirmed its copy in a retry queue or the dead-letter queue. A
 * message is acknowledged once all its jobs are finished.
 */
export function consumeBatches<Declaration extends MessageDeclaration>(
  broker: Broker,
  options: BatchConsumerOptions<MessageOf<Declaration>> & { messages: readonly Declaration[] },
): BatchConsumer {
  type Message = MessageOf<Declaration>;
  const { queue, batchMax } = options;
  const stopping = new AbortController();
  const forming = createBatchForming<Message>(options, stopping.signal);
  const finish = createBatchFinisher<Message>(options, stopping.signal);
  let current: Consumer<Message> | undefined;
  let running: Promise<void> | undefined;

  const run = async () => {
    // Messages of one socket read are delivered synchronously; all of them join the same batch.
    await Promise.resolve();
    while (current && current.buffer.length > 0 && !stopping.signal.aborted) {
      const consumer = current;
      const batch = await forming.next(consumer);
      if (batch.length > 0) await finish(consumer, batch);
    }
    running = undefined;
  };

  broker.onSetup(async (model, step) => {
    if (stopping.signal.aborted) return;
    const channel = await openChannel(model, options.logger, step);
    const tag = `${queue.name}.${randomUUID()}`;
    const consumer: Consumer<Message> = {
      channel,
      tag,
      buffer: [],
      isCurrent: () => current === consumer,
    };
    channel.on('close', () => {
      if (consumer.isCurrent()) current = undefined;
    });
    current = consumer;
    const onDelivery = (raw: ConsumeMessage) => {
      consumer.buffer.push(...toReceivedJobs(raw, options.messages));
      if (consumer.buffer.length >= batchMax) forming.endWait();
      running ??= run();
    };
    await consumeQueue(
      channel,
      { queue: queue.name, prefetch: prefetchOf(options), consumerTag: tag, onDelivery },
      step,
    );
  });
  broker.onDisconnected(() => (current = undefined));

  return {
    stop: async () => {
      if (current) await within(CANCEL_TIMEOUT_MS, current.channel.cancel(current.tag)).catch(() => undefined);
      stopping.abort();
      forming.endWait();
      await running;
    },
  };
}
