import {
  BUNDLE_TYPE,
  checkMessage,
  deadLetterQueue,
  parseBundle,
  parseMessage,
  RETRY_DELAYS_MS,
  retryQueue,
  type JobQueue,
  type MessageDeclaration,
  type MessageOf,
  type ParsedMessage,
} from '@souk/contracts';
import { AppError } from '@souk/service';
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { encode, TO_QUEUE, type Outgoing } from '../publishing/outgoing';
import type { ReplyAddress } from '../publishing/bundle-replies';

/** A delivered job. */
export interface Delivery<Message> {
  message: Message;
  /** Where to send the reply; undefined if no caller waits for one. */
  replyAddress: ReplyAddress | undefined;
  /** Whether it arrived in a bundle, so its sender understands bundles. */
  isBundled: boolean;
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

/** What the broker delivers at once: one job or a bundle. It is acknowledged when all its jobs are finished. */
export interface ReceivedMessage {
  raw: ConsumeMessage;
  isBundle: boolean;
  unfinishedCount: number;
  /** Whether the broker has to dead-letter it, because it refuses a copy of one of its jobs. */
  isRejected: boolean;
}

/** A job and the history in its headers. */
export interface ReceivedJob<Message = unknown> {
  source: ReceivedMessage;
  parsed: ParsedMessage<Message>;
  /** The message and its properties, as if it had come alone. */
  content(): Buffer;
  properties: Pick<Options.Publish, 'replyTo' | 'correlationId' | 'messageId' | 'type'>;
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

/** The deliveries of the bundle from which a job was split. */
const SUSPECT_HEADER = 'x-suspect';

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

/** @returns whether the message, or the bundle from which it was split, may be killing its consumer */
export const isSuspect = ({ source: { raw } }: ReceivedJob) =>
  Math.max(numberHeader(raw, 'x-delivery-count', 0), numberHeader(raw, SUSPECT_HEADER, 0)) >= DELIVERIES_BEFORE_ALONE;

/** @returns the jobs of a delivered message: one, or those of a bundle */
export function toReceivedJobs<Declaration extends MessageDeclaration>(
  raw: ConsumeMessage,
  declarations: readonly Declaration[],
): ReceivedJob<MessageOf<Declaration>>[] {
  const history = {
    attempts: numberHeader(raw, 'x-attempts', 0),
    waits: numberHeader(raw, 'x-waits', 0),
    firstSeen: numberHeader(raw, 'x-first-seen', Date.now()),
  };
  const { replyTo, correlationId, messageId, type } = raw.properties as ReceivedJob['properties'];
  const bundle = type === BUNDLE_TYPE ? parseBundle(raw.content) : undefined;
  const source: ReceivedMessage = {
    raw,
    isBundle: bundle !== undefined,
    unfinishedCount: bundle?.length ?? 1,
    isRejected: false,
  };
  const common = { source, weight: 1, isWeighed: false, ...history };
  if (!bundle) {
    const parsed = parseMessage(declarations, raw.content);
    const properties = { replyTo, correlationId, messageId, type };
    return [{ ...common, parsed, content: () => raw.content, properties }];
  }
  return bundle.map(({ requestId, message }) => {
    const parsed = checkMessage(declarations, message);
    const address = requestId === undefined ? {} : { replyTo, correlationId: requestId };
    const ids = parsed.ok ? { messageId: parsed.message.id, type: parsed.message.type } : {};
    return { ...common, parsed, content: () => encode(message), properties: { ...address, ...ids } };
  });
}

export function toDelivery<Message>(
  { source, properties, firstSeen }: ReceivedJob,
  message: Message,
): Delivery<Message> {
  const { replyTo, correlationId } = properties;
  const isBundled = source.isBundle;
  return {
    message,
    firstSeen,
    isBundled,
    replyAddress: replyTo && correlationId ? { replyTo, correlationId, isBundled } : undefined,
  };
}

/** @param step the index of the retry queue's delay in `RETRY_DELAYS_MS`; the last delay for a higher index */
export function retryCopy(queue: JobQueue, job: ReceivedJob, step: number): Outgoing {
  const delayMs = RETRY_DELAYS_MS[Math.min(step, RETRY_DELAYS_MS.length - 1)]!;
  return copyTo(retryQueue(queue.name, delayMs), job);
}

export const deadLetterCopy = (queue: JobQueue, job: ReceivedJob, reason: string): Outgoing =>
  copyTo(deadLetterQueue(queue.name), job, { 'x-reason': reason.slice(0, 1_000) });

/**
 * The copy of a job of a suspect bundle, to be handled alone. It goes to the shortest retry queue, because the job's own queue
 * may be full.
 */
export const suspectCopy = (queue: JobQueue, job: ReceivedJob): Outgoing =>
  copyTo(retryQueue(queue.name, RETRY_DELAYS_MS[0]), job, { [SUSPECT_HEADER]: DELIVERIES_BEFORE_ALONE });

/** Copies the job as a message of its own, with its history in the headers. */
function copyTo(
  routingKey: string,
  { content, properties, attempts, waits, firstSeen }: ReceivedJob,
  extraHeaders: Record<string, string | number> = {},
): Outgoing {
  const headers = { 'x-attempts': attempts, 'x-waits': waits, 'x-first-seen': firstSeen, ...extraHeaders };
  return { exchange: TO_QUEUE, routingKey, content: content(), properties: { headers, ...properties } };
}
