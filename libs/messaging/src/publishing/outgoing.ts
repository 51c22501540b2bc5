import type { Envelope, JobQueue, TopicExchange } from '@souk/contracts';
import type { Options } from 'amqplib';

/** In place of an exchange: the message goes to the queue that its routing key names. */
export const TO_QUEUE = '';

/** A message and its destination. */
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
    to.kind === 'topic' ? { exchange: to.name, routingKey: message.type } : { exchange: TO_QUEUE, routingKey: to.name };
  const properties = { messageId: message.id, type: message.type };
  return { ...target, content: encode(message), ...(smaller ? { smaller: encode(smaller) } : {}), properties };
}
