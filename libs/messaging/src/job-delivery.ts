import type { ParsedMessage } from '@souk/contracts';
import type { ConsumeMessage, Options } from 'amqplib';
import { AppError } from '@souk/service';
import type { Outgoing } from './publisher';

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

/** A delivered message, and what its headers tell of its past. */
export interface Retained<Message = unknown> {
  raw: ConsumeMessage;
  parsed: ParsedMessage<Message>;
  /** Its weight, once known; 1 unless the consumer weighs its messages. */
  weight: number;
  isWeighed: boolean;
  /** Times it failed for no fault of an engine. */
  attempts: number;
  /** Times it had to wait for a dependency. */
  waits: number;
  firstSeen: number;
}

/** Deliveries after which a message is processed alone: it may be what kills its consumer. */
const DELIVERIES_BEFORE_ALONE = 2;

const numberHeader = (raw: ConsumeMessage, name: string, fallback: number) => {
  const value: unknown = raw.properties.headers?.[name];
  return typeof value === 'number' ? value : fallback;
};

/** Short at first: most engines are back within seconds, and somebody may still be waiting for the answer. */
export const waitStep = (waits: number) => (waits === 0 ? 0 : waits < 6 ? 1 : 2);

/** What its data forbids will not be allowed later. */
export const isInvalid = (error: unknown): error is AppError => error instanceof AppError && error.kind === 'invalid';

/** @returns whether it may be killing its consumer */
export const isSuspect = ({ raw }: Retained) => numberHeader(raw, 'x-delivery-count', 0) >= DELIVERIES_BEFORE_ALONE;

export function retain<Message>(raw: ConsumeMessage, parsed: ParsedMessage<Message>): Retained<Message> {
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

export function toDelivery<Message>({ raw, firstSeen }: Retained, message: Message): Delivery<Message> {
  const { replyTo, correlationId } = raw.properties as { replyTo?: string; correlationId?: string };
  return { message, firstSeen, replyAddress: replyTo && correlationId ? { replyTo, correlationId } : undefined };
}

/** The message as it is, on its way to another queue, with what was learnt of it in its headers. */
export function republish(
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
