import type { MessageDeclaration, MessageOf } from '@souk/contracts';
import type { ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Broker } from '../connection/broker';
import { consumeQueue } from '../connection/consume-queue';
import { openChannel } from '../connection/open-channel';
import { within } from '../connection/within';
import type { Publisher } from '../publishing/publisher';
import { createBatchFinisher } from './finish-batch';
import { createBatchForming, type BatchFormingOptions } from './form-batch';
import { isSuspect, toReceivedJobs, type Consumer, type ReceivedJob } from './job-delivery';
import type { BatchHandling } from './process-batch';

export interface BatchConsumerOptions<Message> extends BatchHandling<Message>, BatchFormingOptions<Message> {
  /** Maximum number of jobs in a batch; also the prefetch count. */
  batchMax: number;
  /**
   * Maximum number of batches in flight; 1 by default. With two, one batch reads while the other commits, but jobs may overtake
   * earlier ones.
   */
  batchesMax?: number;
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
 * Consumes a job queue in batches. Jobs that arrive while the maximum number of batches is in flight form the next batch. A job is
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
  const loop = createBatchLoop<Message>({
    consumer: () => (stopping.signal.aborted ? undefined : current),
    next: (consumer) => forming.next(consumer),
    finish,
    batchesMax: options.batchesMax ?? 1,
  });

  broker.onSetup(async (model, step) => {
    if (stopping.signal.aborted) return;
    const channel = await openChannel(model, options.logger, step);
    const tag = `${queue.name}.${randomUUID()}`;
    const consumer: Consumer<Message> = {
      channel,
      tag,
      buffer: [],
      inFlight: new Set(),
      isCurrent: () => current === consumer,
    };
    channel.on('close', () => {
      if (consumer.isCurrent()) current = undefined;
    });
    current = consumer;
    const onDelivery = (raw: ConsumeMessage) => {
      consumer.buffer.push(...toReceivedJobs(raw, options.messages));
      if (consumer.buffer.length >= batchMax) forming.endWait();
      loop.wake();
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
      await loop.settled();
    },
  };
}

interface BatchLoop {
  /** Call this when jobs have arrived. */
  wake(): void;
  /** Resolves once no batch is in flight. */
  settled(): Promise<void>;
}

/** Starts a batch whenever jobs are waiting and fewer than `batchesMax` batches are in flight. */
function createBatchLoop<Message>(options: {
  /** @returns undefined while no batch may start */
  consumer(): Consumer<Message> | undefined;
  next(consumer: Consumer<Message>): Promise<ReceivedJob<Message>[]>;
  finish(consumer: Consumer<Message>, batch: ReceivedJob<Message>[]): Promise<void>;
  batchesMax: number;
}): BatchLoop {
  const inFlight = new Set<Promise<void>>();
  let running: Promise<void> | undefined;

  const start = (consumer: Consumer<Message>, batch: ReceivedJob<Message>[]) => {
    const finishing = options.finish(consumer, batch).finally(() => inFlight.delete(finishing));
    inFlight.add(finishing);
  };

  const run = async () => {
    // Lets all messages of one socket read join the same batch.
    await setImmediate();
    for (let consumer = options.consumer(); consumer && consumer.buffer.length > 0; consumer = options.consumer()) {
      const batch = await options.next(consumer);
      const isAlone = batch.some(isSuspect);
      if (isAlone) await Promise.all(inFlight);
      if (batch.length > 0) start(consumer, batch);
      while (inFlight.size >= (isAlone ? 1 : options.batchesMax)) await Promise.race(inFlight);
    }
    running = undefined;
  };

  return {
    wake: () => void (running ??= run()),
    settled: async () => {
      await running;
      await Promise.all(inFlight);
    },
  };
}
