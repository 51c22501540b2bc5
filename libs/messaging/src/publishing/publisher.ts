import type { JobQueue, QueryQueue, TopicExchange } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';
import { createSizeLimit } from './message-size';
import { encode, type Outgoing } from './outgoing';
import { createConfirmedPublishing, type PublishOutcome } from './publish-confirmed';

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
  publishEach(messages: readonly Outgoing[]): Promise<PublishOutcome[]>;
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

/** Maximum number of unconfirmed replies to keep. Their callers give up within seconds. */
const REPLIES_MAX = 256;

/** @param topology the queues and exchanges to declare */
export function createPublisher(
  broker: Broker,
  logger: Logger,
  topology: readonly (JobQueue | QueryQueue | TopicExchange)[],
): Publisher {
  const limit = createSizeLimit();
  const confirmed = createConfirmedPublishing(limit);
  let channel: ConfirmChannel | undefined;
  const replies = new Set<Reply>();

  const sendReply = (reply: Reply) => {
    const { to } = reply;
    const properties = { correlationId: to.correlationId, contentType: 'application/json' };
    try {
      channel?.publish('', to.replyTo, limit.contentOf(reply), properties, (error: unknown) => {
        if (!error) replies.delete(reply);
      });
    } catch (error) {
      logger.debug({ err: error }, 'could not send a reply');
    }
  };

  const failAll = () => {
    channel = undefined;
    confirmed.endWaits();
  };

  broker.onSetup(async (model, step) => {
    await declareTopology(model, topology, step);
    const newChannel = await openConfirmChannel(model, logger, step);
    newChannel.on('return', ({ fields }) => {
      if (isReplyAddress(fields.routingKey)) return; // the caller has disconnected
      logger.error({ queue: fields.routingKey }, 'a queue no longer exists; declaring it again');
      newChannel.close().catch(() => undefined); // unconfirmed messages fail and are sent again
      failAll();
    });
    newChannel.on('error', limit.learnFrom);
    limit.renew();
    channel = newChannel;
    for (const reply of replies) sendReply(reply);
  });
  broker.onDisconnected(failAll);
  broker.onBlocked(confirmed.endWaits); // a confirm may take minutes, and the sender may hold locks or have to stop

  const publishEach = async (messages: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    if (messages.length === 0) return [];
    if (!channel || !broker.isConnected()) return messages.map(() => ({ kind: 'unsent' }));
    return confirmed.publish(channel, messages);
  };

  return {
    publishEach,
    publish: async (messages) => requireConfirmed(await publishEach(messages)),
    reply: (to, body, smaller = body) => {
      const reply = { to, content: encode(body), smaller: encode(smaller) };
      if (replies.size < REPLIES_MAX) replies.add(reply);
      sendReply(reply);
    },
  };
}

function requireConfirmed(outcomes: readonly PublishOutcome[]): void {
  if (outcomes.some(({ kind }) => kind === 'unsent' || kind === 'unconfirmed')) throw unavailable('the message broker');
  for (const outcome of outcomes)
    if (outcome.kind === 'refused') throw new AppError('invalid', 'MESSAGE_REFUSED', outcome.reason);
}
