import type { Envelope, JobQueue, QueryQueue, TopicExchange } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel, Options } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';

/** A message and its destination; exchange `''` routes it directly to the queue named by `routingKey`. */
export interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  /** Sent instead if `content` is larger than the broker allows. */
  smaller?: Buffer;
  properties?: Options.Publish;
}

/**
 * The outcome of publishing a message. `unsent`: there was no connection. `unconfirmed`: it may or may not have arrived.
 * `refused`: the broker will never accept it.
 */
export type Published = { kind: 'confirmed' | 'unsent' | 'unconfirmed' } | { kind: 'refused'; reason: string };

export interface ReplyAddress {
  replyTo: string;
  correlationId: string;
}

export interface Publisher {
  /**
   * Publishes persistent messages; resolves when the broker has confirmed all of them.
   * @throws AppError `unavailable` if one was not confirmed: it may or may not have arrived, so send it again; `invalid` if the
   * broker will never accept one
   */
  publish(messages: readonly Outgoing[]): Promise<void>;
  /** Publishes persistent messages. Never rejects. @returns the outcome of each, in order */
  publishEach(messages: readonly Outgoing[]): Promise<Published[]>;
  /**
   * Replies to the caller, if it is still listening. Resends the reply after each reconnect until the broker has confirmed it.
   * @param smaller the reply to send if `body` exceeds the broker's limit
   */
  reply(to: ReplyAddress, body: unknown, smaller?: unknown): void;
}

interface Reply {
  to: ReplyAddress;
  content: Buffer;
  smaller: Buffer;
}

const isReplyAddress = (routingKey: string) => routingKey.startsWith('amq.rabbitmq.reply-to');

const CONFIRM_TIMEOUT_MS = 10_000;
/** Maximum number of unconfirmed replies to keep. Their callers give up within seconds. */
const REPLIES_MAX = 256;

const UNSENT: Published = { kind: 'unsent' };
const UNCONFIRMED: Published = { kind: 'unconfirmed' };

/** The broker's reason for closing the channel. Source: `check_msg_size` in RabbitMQ's `rabbit_channel.erl`. */
const TOO_LARGE = /message size \d+ is larger than (?:configured )?max size (\d+)/;

/** amqplib throws this on a closed channel; any other error is the message's fault. */
const isClosed = (error: unknown) => error instanceof Error && error.name === 'IllegalOperationError';

export const encode = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

/**
 * Addresses a message to its job queue or exchange.
 * @param smaller the message to send if `message` is larger than the broker allows
 */
export function outgoing(to: JobQueue | TopicExchange, message: Envelope, smaller?: Envelope): Outgoing {
  const target =
    to.kind === 'topic' ? { exchange: to.name, routingKey: message.type } : { exchange: '', routingKey: to.name };
  const properties = { messageId: message.id, type: message.type };
  return { ...target, content: encode(message), ...(smaller ? { smaller: encode(smaller) } : {}), properties };
}

export function createPublisher(
  broker: Broker,
  logger: Logger,
  topology: readonly (JobQueue | QueryQueue | TopicExchange)[],
): Publisher {
  let channel: ConfirmChannel | undefined;
  /** Callbacks that end the wait for confirms; messages without one stay unconfirmed. */
  const endings = new Set<() => void>();
  /** Maximum message size in bytes, known once the broker has refused a larger one on this connection or the previous one. */
  let bytesMax = Infinity;
  let nextBytesMax = Infinity;
  const replies = new Set<Reply>();

  broker.onSetup(async (model, step) => {
    await declareTopology(model, topology, step);
    const opened = await openConfirmChannel(model, logger, step);
    opened.on('return', ({ fields }) => {
      if (isReplyAddress(fields.routingKey)) return; // the caller is gone
      logger.error({ queue: fields.routingKey }, 'a queue is gone; declaring it anew');
      opened.close().catch(() => undefined); // unconfirmed messages fail and are sent again
      failAll();
    });
    opened.on('error', (error: Error) => {
      const limit = TOO_LARGE.exec(error.message)?.[1];
      if (limit !== undefined) bytesMax = nextBytesMax = Number(limit);
    });
    // This connection still applies the limit; the next one forgets it, because an operator may have raised it.
    bytesMax = nextBytesMax;
    nextBytesMax = Infinity;
    channel = opened;
    for (const each of replies) sendReply(each);
  });
  const failWaiting = () => {
    for (const end of endings) end();
  };
  const failAll = () => {
    channel = undefined;
    failWaiting();
  };
  broker.onDisconnected(failAll);
  broker.onBlocked(failWaiting); // a confirm may take minutes, and meanwhile the sender may hold locks or have to stop

  const publishOn = (confirmChannel: ConfirmChannel, messages: readonly Outgoing[]) =>
    new Promise<Published[]>((resolve) => {
      const results = messages.map(() => UNCONFIRMED);
      let waitingFor = messages.length;
      const end = () => {
        clearTimeout(timer);
        endings.delete(end);
        resolve(results.map((result, index) => (result === UNCONFIRMED ? judge(messages[index]!) : result)));
      };
      const timer = setTimeout(end, CONFIRM_TIMEOUT_MS);
      endings.add(end);
      const settle = (index: number, result: Published) => {
        results[index] = result;
        if (--waitingFor === 0) end();
      };
      messages.forEach((message, index) => {
        const { exchange, routingKey, properties } = message;
        const judged = judge(message);
        if (judged.kind === 'refused') return settle(index, judged);
        const mandatory = exchange === ''; // directly to a queue, which must exist
        const options = { persistent: true, contentType: 'application/json', mandatory, ...properties };
        try {
          confirmChannel.publish(exchange, routingKey, contentOf(message), options, (error: unknown) =>
            settle(index, error ? UNCONFIRMED : { kind: 'confirmed' }),
          );
        } catch (error) {
          settle(index, isClosed(error) ? UNCONFIRMED : { kind: 'refused', reason: String(error) });
        }
      });
    });

  const contentOf = ({ content, smaller }: Pick<Outgoing, 'content' | 'smaller'>): Buffer =>
    smaller && content.length > bytesMax ? smaller : content;

  const judge = (message: Outgoing): Published => {
    const { length } = contentOf(message);
    if (length <= bytesMax) return UNCONFIRMED;
    return { kind: 'refused', reason: `${length} bytes; the broker accepts messages of at most ${bytesMax}` };
  };

  const publishEach = async (messages: readonly Outgoing[]): Promise<Published[]> => {
    if (messages.length === 0) return [];
    if (!channel || !broker.isConnected()) return messages.map(() => UNSENT);
    return publishOn(channel, messages);
  };

  const sendReply = (reply: Reply) => {
    const { to } = reply;
    const properties = { correlationId: to.correlationId, contentType: 'application/json' };
    try {
      channel?.publish('', to.replyTo, contentOf(reply), properties, (error: unknown) => {
        if (!error) replies.delete(reply);
      });
    } catch (error) {
      logger.debug({ err: error }, 'an answer could not be sent yet');
    }
  };

  return {
    publishEach,
    publish: async (messages) => {
      const results = await publishEach(messages);
      if (results.some(({ kind }) => kind === 'unsent' || kind === 'unconfirmed'))
        throw unavailable('the message broker');
      for (const result of results)
        if (result.kind === 'refused') throw new AppError('invalid', 'MESSAGE_REFUSED', result.reason);
    },
    reply: (to, body, smaller = body) => {
      const reply = { to, content: encode(body), smaller: encode(smaller) };
      if (replies.size < REPLIES_MAX) replies.add(reply);
      sendReply(reply);
    },
  };
}
