import { type Envelope, type JobQueue, QUEUES_EXCHANGE, type TopicExchange } from '@souk/contracts';
import type { Options } from 'amqplib';

/** A message and its destination; the exchange `queues` routes it to the queue named by `routingKey`. */
export interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  /** Sent instead if `content` is larger than the broker allows. */
  smaller?: Buffer;
  properties?: Options.Publish;
}

export const encode = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

/**
 * Addresses a message to its job queue or exchange.
 * @param smaller the message to send if `message` is larger than the broker allows
 */
export function outgoing(to: JobQueue | TopicExchange, message: Envelope, smaller?: Envelope): Outgoing {
  const target =
    to.kind === 'topic'
      ? { exchange: to.name, routingKey: message.type }
      : { exchange: QUEUES_EXCHANGE, routingKey: to.name };
  const properties = { messageId: message.id, type: message.type };
  return { ...target, content: encode(message), ...(smaller ? { smaller: encode(smaller) } : {}), properties };
}
