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
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { Broker } from './broker';
import { openChannel } from './open-channel';
import type { Outgoing, Publisher } from './publisher';

/** A job as it arrived. */
export interface Delivery<Message> {
  message: Message;
  /** Where the answer goes, when somebody waits for one. */
  replyAddress: { replyTo: string; correlationId: string } | undefined;
  /** Milliseconds since 1970 when a consumer first saw it. */
  firstSeen: number;
}

/** What becomes of a delivered job. */
export type Verdict =
  | { kind: 'done' }
  /** A dependency is not ready: comes back after a growing wait, as often as it takes. */
  | { kind: 'wait'; reason: string }
  /** Can never be processed. */
  | { kind: 'dead'; reason: string };

export const DONE: Verdict = { kind: 'done' };

export interface BatchConsumerOptions<Message> {
  queue: JobQueue;
  /** Messages that may be in a batch, and unacknowledged. */
  batchMax: number;
  logger: Logger;
  publisher: Publisher;
  /**
   * Applies a batch as one. One verdict a delivery, in order. Throwing means that nothing was done: an engine's fault sends
   * the whole batch back to wait; any other splits it, so that a bad message harms no other.
   */
  handle(batch: Delivery<Message>[]): Promise<Verdict[]>;
  onBatch?(size: number): void;
  onVerdict?(kind: Verdict['kind']): void;
}

export interface BatchConsumer {
  /** Takes no more deliveries and finishes the batch in flight. */
  stop(): Promise<void>;
}

/** Tries of a message that fails for no fault of an engine, before it becomes a dead letter. */
const ATTEMPTS_MAX = 5;
/** Deliveries after which a message is processed alone: it may be what kills its consumer. */
const DELIVERIES_BEFORE_ALONE = 2;

const PUBLISH_BACKOFF = { initialMs: 100, maxMs: 5_000 };

interface Consumer {
  channel: Channel;
  tag: string;
  /** Delivered, and not in a batch yet. */
  buffer: Retained[];
}

interface Retained {
  raw: ConsumeMessage;
  attempts: number;
  waits: number;
  firstSeen: number;
}

/**
 * Consumes a queue of jobs in batches: what arrives while a batch is in flight forms the next. A job is acknowledged when
 * its effect is committed, or when the broker has confirmed it in a retry queue or among the dead letters.
 */
export function consumeBatches<Declaration extends MessageDeclaration>(
  broker: Broker,
  options: BatchConsumerOptions<MessageOf<Declaration>> & { messages: readonly Declaration[] },
): BatchConsumer {
  const { queue, publisher, logger } = options;
  let stopping = false;
  let consumer: Consumer | undefined;
  let inFlight: Promise<void> | undefined;

  const judge = async (batch: Retained[]): Promise<Verdict[]> => {
    const parsed = batch.map(({ raw }) => parseMessage(options.messages, raw.content));
    const readable = batch.flatMap((retained, index) => {
      const result = parsed[index]!;
      return result.ok ? [toDelivery(retained, result.message)] : [];
    });
    const verdicts = readable.length > 0 ? await options.handle(readable) : [];
    return parsed.map((result) => (result.ok ? verdicts.shift()! : { kind: 'dead', reason: result.reason }));
  };

  /** @returns what has to be published before the batch may be acknowledged */
  const process = async (batch: Retained[]): Promise<Outgoing[]> => {
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

  const settle = async (from: Consumer, batch: Retained[]) => {
    const outgoing = await process(batch);
    const isCurrent = () => consumer === from;
    await retryWithBackoff(() => publisher.publish(outgoing), {
      ...PUBLISH_BACKOFF,
      attemptsMax: 10,
      shouldRetry: isCurrent,
    });
    // One queue a channel and one batch in flight: everything up to here is settled.
    if (isCurrent()) from.channel.ack(batch.at(-1)!.raw, true);
  };

  const giveBack = (from: Consumer, batch: Retained[]) => {
    try {
      if (consumer === from) from.channel.nack(batch.at(-1)!.raw, true, true);
    } catch (error) {
      logger.debug({ err: error, queue: queue.name }, 'the channel is gone: the broker delivers its messages again');
    }
  };

  const run = async () => {
    // What the socket delivered in one piece belongs to one batch.
    await new Promise(setImmediate);
    for (let from = consumer; from && from.buffer.length > 0 && !stopping; from = consumer) {
      const batch = from.buffer.splice(0, batchSize(from.buffer, options.batchMax));
      try {
        await settle(from, batch);
      } catch (error) {
        // Delivered again; by then its effect may be there, which the inbox tells.
        logger.warn({ err: error, queue: queue.name }, 'a batch could not be settled');
        giveBack(from, batch);
      }
    }
    inFlight = undefined;
  };

  broker.onSetup(async (model) => {
    if (stopping) return;
    const channel = await openChannel(model, logger);
    const current: Consumer = { channel, buffer: [], tag: `${queue.name}.${randomUUID()}` };
    await channel.prefetch(options.batchMax);
    channel.on('close', () => {
      if (consumer === current) consumer = undefined;
    });
    consumer = current;
    const onDelivery = (raw: ConsumeMessage | null) => {
      if (!raw) {
        channel.close().catch(() => undefined); // the queue was deleted: declare and consume anew
        return;
      }
      current.buffer.push(retain(raw));
      inFlight ??= run();
    };
    await channel.consume(queue.name, onDelivery, { consumerTag: current.tag });
  });
  broker.onDisconnected(() => (consumer = undefined));

  return {
    stop: async () => {
      if (consumer) await consumer.channel.cancel(consumer.tag).catch(() => undefined);
      stopping = true;
      await inFlight;
    },
  };
}

const numberHeader = (raw: ConsumeMessage, name: string, fallback: number) => {
  const value: unknown = raw.properties.headers?.[name];
  return typeof value === 'number' ? value : fallback;
};

/** Short at first: most engines are back within seconds, and somebody may still be waiting for the answer. */
const waitStep = (waits: number) => (waits === 0 ? 0 : waits < 6 ? 1 : 2);

/** What its data forbids will not be allowed later. */
const isInvalid = (error: unknown): error is AppError => error instanceof AppError && error.kind === 'invalid';

const deliveryCount = (raw: ConsumeMessage) => numberHeader(raw, 'x-delivery-count', 0);

function retain(raw: ConsumeMessage): Retained {
  return {
    raw,
    attempts: numberHeader(raw, 'x-attempts', 0),
    waits: numberHeader(raw, 'x-waits', 0),
    firstSeen: numberHeader(raw, 'x-first-seen', Date.now()),
  };
}

function toDelivery<Message>({ raw, firstSeen }: Retained, message: Message): Delivery<Message> {
  const { replyTo, correlationId } = raw.properties as { replyTo?: string; correlationId?: string };
  return { message, firstSeen, replyAddress: replyTo && correlationId ? { replyTo, correlationId } : undefined };
}

/** Everything that has arrived, up to the bound; a message that may be what kills its consumer goes alone. */
function batchSize(buffer: readonly Retained[], batchMax: number): number {
  const suspectAt = buffer.slice(0, batchMax).findIndex(({ raw }) => deliveryCount(raw) >= DELIVERIES_BEFORE_ALONE);
  return suspectAt === -1 ? Math.min(buffer.length, batchMax) : Math.max(1, suspectAt);
}

/** The message as it is, on its way to another queue, with what was learnt of it in its headers. */
function republish(
  { raw, attempts, waits, firstSeen }: Retained,
  routingKey: string,
  more: Record<string, string>,
): Outgoing {
  const { replyTo, correlationId, messageId, type } = raw.properties as Options.Publish;
  const headers = { 'x-attempts': attempts, 'x-waits': waits, 'x-first-seen': firstSeen, ...more };
  return {
    exchange: '',
    routingKey,
    content: raw.content,
    properties: { headers, replyTo, correlationId, messageId, type },
  };
}
