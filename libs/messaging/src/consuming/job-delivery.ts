import { deadLetterQueue, RETRY_DELAYS_MS, retryQueue, type JobQueue, type ParsedMessage } from '@souk/contracts';
import { AppError } from '@souk/service';
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import type { Outgoing } from '../publishing/outgoing';
import type { ReplyAddress } from '../publishing/publisher';

/** A delivered job. */
export interface Delivery<Message> {
  message: Message;
  /** Where to send the reply; undefined if no caller waits for one. */
  replyAddress: ReplyAddress | undefined;
  /** When a consumer first saw it, in milliseconds since 1970. */
  firstSeen: number;
}

/** The outcome of a delivered job. */
export type Verdict =
  | { kind: 'done' }
  /** A dependency is not ready: the job is retried after growing waits, as often as necessary. */
  | { kind: 'wait'; reason: string }
  /** The job can never be processed. */
  | { kind: 'dead'; reason: string };

export const DONE: Verdict = { kind: 'done' };

/** A delivered message and the history in its headers. */
export interface ReceivedJob<Message = unknown> {
  raw: ConsumeMessage;
  parsed: ParsedMessage<Message>;
  /** 1 until the consumer has weighed the message. */
  weight: number;
  isWeighed: boolean;
  /** How often it has failed, not counting failures of an engine. */
  attempts: number;
  /** How often it has had to wait for a dependency. */
  waits: number;
  firstSeen: number;
}

/** A channel that consumes a queue. */
export interface Consumer<Message> {
  channel: Channel;
  tag: string;
  /** Jobs that are delivered but not yet in a batch. */
  buffer: ReceivedJob<Message>[];
  /** @returns whether the channel is still open; the broker redelivers what a closed one hasn't acknowledged */
  isCurrent(): boolean;
}

/** Deliveries after which a message is handled alone because it may be killing its consumer. */
const DELIVERIES_BEFORE_ALONE = 2;

const numberHeader = (raw: ConsumeMessage, name: string, fallback: number) => {
  const value: unknown = raw.properties.headers?.[name];
  return typeof value === 'number' ? value : fallback;
};

/**
 * The step of the next wait, as for `retryCopy`. The first waits are short: most engines recover within seconds, and a caller may
 * still be waiting for the reply.
 */
export const waitStep = (waits: number) => (waits === 0 ? 0 : waits < 6 ? 1 : 2);

/** Invalid data stays invalid, so a retry would fail again. */
export const isInvalid = (error: unknown): error is AppError => error instanceof AppError && error.kind === 'invalid';

/** @returns whether the message may be killing its consumer */
export const isSuspect = ({ raw }: ReceivedJob) => numberHeader(raw, 'x-delivery-count', 0) >= DELIVERIES_BEFORE_ALONE;

export function toReceivedJob<Message>(raw: ConsumeMessage, parsed: ParsedMessage<Message>): ReceivedJob<Message> {
  return {
    raw,
    parsed,
    weight: 1,
    isWeighed: false,
    attempts: numberHeader(raw, 'x-attempts', 0),
    waits: numberHeader(raw, 'x-waits', 0),
    firstSeen: numberHeader(raw, 'x-first-seen', Date.now()),
  };
}

export function toDelivery<Message>({ raw, firstSeen }: ReceivedJob, message: Message): Delivery<Message> {
  const { replyTo, correlationId } = raw.properties as { replyTo?: string; correlationId?: string };
  return { message, firstSeen, replyAddress: replyTo && correlationId ? { replyTo, correlationId } : undefined };
}

/** @param step the index of the retry queue's delay in `RETRY_DELAYS_MS`; the last delay for a higher index */
export function retryCopy(queue: JobQueue, job: ReceivedJob, step: number): Outgoing {
  const delayMs = RETRY_DELAYS_MS[Math.min(step, RETRY_DELAYS_MS.length - 1)]!;
  return copyTo(retryQueue(queue.name, delayMs), job);
}

export const deadLetterCopy = (queue: JobQueue, job: ReceivedJob, reason: string): Outgoing =>
  copyTo(deadLetterQueue(queue.name), job, { 'x-reason': reason.slice(0, 1_000) });

/** Copies the message unchanged for another queue, with its history in the headers. */
function copyTo(
  routingKey: string,
  { raw, attempts, waits, firstSeen }: ReceivedJob,
  extraHeaders: Record<string, string> = {},
): Outgoing {
  const { replyTo, correlationId, messageId, type } = raw.properties as Options.Publish;
  const headers = { 'x-attempts': attempts, 'x-waits': waits, 'x-first-seen': firstSeen, ...extraHeaders };
  return {
    exchange: '',
    routingKey,
    content: raw.content,
    properties: { headers, replyTo, correlationId, messageId, type },
  };
}
