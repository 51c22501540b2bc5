import {
  deadLetterQueue,
  parseMessage,
  RETRY_DELAYS_MS,
  retryQueue,
  type JobQueue,
  type MessageDeclaration,
  type MessageOf,
} from '@souk/contracts';
import { AppError, retryWithBackoff, type Logger } from '@souk/service';
import type { Channel, ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Broker } from '../connection/broker';
import { openChannel } from '../connection/open-channel';
import { within } from '../connection/within';
import type { Outgoing, Publisher } from '../publishing/publisher';
import { chooseBatch } from './choose-batch';
import {
  isInvalid,
  republish,
  retain,
  toDelivery,
  waitStep,
  type Delivery,
  type Retained,
  type Verdict,
} from './job-delivery';

export interface BatchConsumerOptions<Message> {
  queue: JobQueue;
  /** Maximum number of messages in a batch; also the prefetch count. */
  batchMax: number;
  /** Milliseconds a partial batch waits for more. Makes batches fewer and larger; for jobs no caller waits for. Default: 0 */
  gatherMs?: number;
  /**
   * Returns the weight of each message: the number of rows that the handler reads or writes for it. The total weight limits a
   * batch in addition to `batchMax`, and light messages overtake heavy ones. If absent, or if it throws, each message weighs 1.
   */
  weigh?(messages: Message[]): Promise<number[]>;
  logger: Logger;
  publisher: Publisher;
  /**
   * Applies a batch as a unit. Returns one verdict per delivery, in order. Throwing means that nothing was done. After a
   * retryable error (an engine's fault) the whole batch waits for a retry; after any other error each message is handled alone,
   * so that a bad message doesn't affect the others.
   */
  handle(batch: Delivery<Message>[]): Promise<Verdict[]>;
  onBatch?(size: number): void;
  onVerdict?(kind: Verdict['kind']): void;
}

export interface BatchConsumer {
  /** Stops taking deliveries and finishes the batch in flight. Jobs that can't be settled are redelivered. */
  stop(): Promise<void>;
}

/** Failed attempts before a message becomes a dead letter. An engine's faults don't count. */
const ATTEMPTS_MAX = 5;

const PUBLISH_BACKOFF = { initialMs: 100, maxMs: 5_000 };

/** A broker that blocks this connection doesn't read from it, so cancelling would hang. */
const CANCEL_TIMEOUT_MS = 1_000;

interface Consumer<Message> {
  channel: Channel;
  tag: string;
  /** Delivered but not yet in a batch. */
  buffer: Retained<Message>[];
}

/**
 * Consumes a job queue in batches: jobs that arrive while a batch is in flight form the next one. A job is acknowledged once
 * its effect is committed, or once the broker has confirmed its copy in a retry queue or the dead-letter queue.
 */
export function consumeBatches<Declaration extends MessageDeclaration>(
  broker: Broker,
  options: BatchConsumerOptions<MessageOf<Declaration>> & { messages: readonly Declaration[] },
): BatchConsumer {
  type Message = MessageOf<Declaration>;
  const { queue, publisher, logger, gatherMs = 0 } = options;
  const stopping = new AbortController();
  let consumer: Consumer<Message> | undefined;
  let inFlight: Promise<void> | undefined;
  /** Set while a partial batch waits for more messages; aborting it ends the wait. */
  let gathering: AbortController | undefined;

  const judge = async (batch: Retained<Message>[]): Promise<Verdict[]> => {
    const readable = batch.flatMap((retained) =>
      retained.parsed.ok ? [toDelivery(retained, retained.parsed.message)] : [],
    );
    const verdicts = readable.length > 0 ? await options.handle(readable) : [];
    return batch.map(({ parsed }) => (parsed.ok ? verdicts.shift()! : { kind: 'dead', reason: parsed.reason }));
  };

  /** @returns the messages to publish before the batch may be acknowledged */
  const process = async (batch: Retained<Message>[]): Promise<Outgoing[]> => {
    options.onBatch?.(batch.length);
    try {
      const verdicts = await judge(batch);
      return batch.flatMap((retained, index) => dispose(retained, verdicts[index]!));
    } catch (error) {
      if (error instanceof AppError && error.retryable) {
        logger.warn(
          { queue: queue.name, size: batch.length, reason: error.message, err: error.cause },
          'the batch has to wait',
        );
        return batch.flatMap((retained) => dispose(retained, { kind: 'wait', reason: error.message }));
      }
      if (batch.length === 1) return [isInvalid(error) ? refused(batch[0]!, error) : failed(batch[0]!, error)];
      const alone: Outgoing[] = [];
      for (const retained of batch) alone.push(...(await process([retained])));
      return alone;
    }
  };

  const dispose = (retained: Retained, verdict: Verdict): Outgoing[] => {
    options.onVerdict?.(verdict.kind);
    if (verdict.kind === 'done') return [];
    if (verdict.kind === 'dead') return [deadLetter(retained, verdict.reason)];
    return [again({ ...retained, waits: retained.waits + 1 }, waitStep(retained.waits))];
  };

  const refused = (retained: Retained, error: AppError): Outgoing => {
    options.onVerdict?.('dead');
    return deadLetter(retained, error.message);
  };

  const failed = (retained: Retained, error: unknown): Outgoing => {
    const attempts = retained.attempts + 1;
    logger.error({ err: error, queue: queue.name, attempts }, 'a job failed');
    if (attempts >= ATTEMPTS_MAX) {
      options.onVerdict?.('dead');
      return deadLetter(retained, `failed ${attempts} times: ${String(error)}`);
    }
    return again({ ...retained, attempts }, attempts);
  };

  const again = (retained: Retained, step: number): Outgoing => {
    const delayMs = RETRY_DELAYS_MS[Math.min(step, RETRY_DELAYS_MS.length - 1)]!;
    return republish(retained, retryQueue(queue.name, delayMs), {});
  };

  const deadLetter = (retained: Retained, reason: string): Outgoing => {
    logger.error(
      { queue: queue.name, reason, messageId: retained.raw.properties.messageId as unknown },
      'a job became a dead letter',
    );
    return republish(retained, deadLetterQueue(queue.name), { 'x-reason': reason.slice(0, 1_000) });
  };

  const settle = async (from: Consumer<Message>, batch: Retained<Message>[], isWhole = true) => {
    const outgoing = await process(batch);
    const isCurrent = () => consumer === from;
    await retryWithBackoff(() => publisher.publish(outgoing), {
      ...PUBLISH_BACKOFF,
      attemptsMax: 10,
      shouldRetry: (error) => isCurrent() && !isInvalid(error),
      signal: stopping.signal,
    });
    if (isCurrent()) forEachFrame(from, batch, (raw, isMultiple) => from.channel.ack(raw, isMultiple && isWhole));
  };

  const giveBack = (from: Consumer<Message>, batch: Retained<Message>[]) => {
    try {
      if (consumer === from) forEachFrame(from, batch, (raw, isMultiple) => from.channel.nack(raw, isMultiple, true));
    } catch (error) {
      logger.debug({ err: error, queue: queue.name }, 'the channel is gone: the broker delivers its messages again');
    }
  };

  /** Settles each message alone after the broker has refused a copy. That message is rejected, so the broker dead-letters it. */
  const settleAlone = async (from: Consumer<Message>, batch: readonly Retained<Message>[]) => {
    for (const each of batch) {
      try {
        await settle(from, [each], false);
      } catch (error) {
        logger.error({ err: error, queue: queue.name }, 'a message could not be settled');
        if (consumer === from) from.channel.nack(each.raw, false, !isInvalid(error));
      }
    }
  };

  const gather = async ({ buffer }: Consumer<Message>) => {
    const isWhole = buffer.length >= options.batchMax || chooseBatch(buffer, options.batchMax).length < buffer.length;
    if (gatherMs === 0 || isWhole) return;
    gathering = new AbortController();
    await setTimeout(gatherMs, undefined, { signal: gathering.signal }).catch(() => undefined);
    gathering = undefined;
  };

  const weigh = async (waiting: readonly Retained<Message>[]) => {
    if (!options.weigh || waiting.length === 1) return; // a single message is handled whatever its weight
    const unknown = waiting.filter(({ isWeighed, parsed }) => !isWeighed && parsed.ok);
    const messages = unknown.flatMap(({ parsed }) => (parsed.ok ? [parsed.message] : []));
    if (messages.length === 0) return;
    const weights = await options.weigh(messages).catch((error: unknown) => {
      logger.debug({ err: error, queue: queue.name }, 'messages could not be weighed');
      return undefined;
    });
    weights?.forEach((weight, index) => Object.assign(unknown[index]!, { weight, isWeighed: true }));
  };

  const run = async () => {
    // Lets all messages of one socket read join the same batch.
    await setImmediate();
    for (let from = consumer; from && from.buffer.length > 0 && !stopping.signal.aborted; from = consumer) {
      await gather(from);
      if (consumer !== from || stopping.signal.aborted) continue;
      const waiting = [...from.buffer];
      await weigh(waiting);
      if (consumer !== from || stopping.signal.aborted) continue;
      const batch = chooseBatch(waiting, options.batchMax);
      const inBatch = new Set(batch);
      from.buffer = from.buffer.filter((each) => !inBatch.has(each));
      try {
        await settle(from, batch);
      } catch (error) {
        if (isInvalid(error)) {
          await settleAlone(from, batch);
          continue;
        }
        // The jobs are redelivered. Their effects may already be committed, which the inbox detects.
        logger.warn({ err: error, queue: queue.name }, 'a batch could not be settled');
        giveBack(from, batch);
      }
    }
    inFlight = undefined;
  };

  broker.onSetup(async (model, step) => {
    if (stopping.signal.aborted) return;
    const channel = await openChannel(model, logger, step);
    const current: Consumer<Message> = { channel, buffer: [], tag: `${queue.name}.${randomUUID()}` };
    channel.on('close', () => {
      if (consumer === current) consumer = undefined;
    });
    consumer = current;
    const onDelivery = (raw: ConsumeMessage | null) => {
      if (!raw) {
        channel.close().catch(() => undefined); // the queue was deleted: reconnect, which declares it again
        return;
      }
      current.buffer.push(retain(raw, parseMessage(options.messages, raw.content)));
      if (current.buffer.length >= options.batchMax) gathering?.abort();
      inFlight ??= run();
    };
    const starting = channel
      .prefetch(options.batchMax)
      .then(() => channel.consume(queue.name, onDelivery, { consumerTag: current.tag }));
    await step(`consuming the queue ${queue.name}`, starting);
  });
  broker.onDisconnected(() => (consumer = undefined));

  return {
    stop: async () => {
      if (consumer) await within(CANCEL_TIMEOUT_MS, consumer.channel.cancel(consumer.tag)).catch(() => undefined);
      stopping.abort();
      gathering?.abort();
      await inFlight;
    },
  };
}

/** Calls `send` once with `multiple` if the batch contains every delivery up to its last message, otherwise once per message. */
function forEachFrame(
  { buffer }: Consumer<unknown>,
  batch: readonly Retained[],
  send: (raw: ConsumeMessage, isMultiple: boolean) => void,
): void {
  const last = batch.at(-1)!.raw;
  const isPrefix = buffer.every(({ raw }) => raw.fields.deliveryTag > last.fields.deliveryTag);
  if (isPrefix) send(last, true);
  else for (const { raw } of batch) send(raw, false);
}
