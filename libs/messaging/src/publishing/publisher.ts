import type { JobQueue, QueryQueue, TopicExchange } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';
import { createSizeLimit, type SizeLimit } from './message-size';
import { bundleOutgoing } from './bundle-outgoing';
import { bundleReplies, type OutgoingReply } from './bundle-replies';
import type { Outgoing } from './outgoing';
import { createConfirmedPublishing, type PublishOutcome } from './publish-confirmed';

interface PublishOptions {
  /** Whether messages for the same queue travel in bundles. Only for JSON, and a consumer that knows bundles. Default: false */
  areBundled?: boolean;
}

export interface Publisher {
  /**
   * Publishes persistent messages; resolves when the broker has confirmed all of them.
   * @throws AppError `unavailable` if one was not confirmed: it may or may not have arrived, so send it again; `invalid` if the
   * broker will never accept one
   */
  publish(messages: readonly Outgoing[], options?: PublishOptions): Promise<void>;
  /** Publishes persistent messages. Never rejects. @returns the outcome of each, in order */
  publishEach(messages: readonly Outgoing[], options?: PublishOptions): Promise<PublishOutcome[]>;
  /** Replies to callers that are still listening. Resends replies after each reconnect until the broker has confirmed them. */
  reply(replies: readonly OutgoingReply[]): void;
}

const isReplyAddress = (routingKey: string) => routingKey.startsWith('amq.rabbitmq.reply-to');

/** Maximum number of unconfirmed messages with replies to keep. Their callers give up within seconds. */
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
  const replies = createReplySender(limit, logger, () => channel);

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
    replies.resend();
  });
  broker.onDisconnected(failAll);
  broker.onBlocked(confirmed.endWaits); // a confirm may take minutes, and the sender may hold locks or have to stop

  const publishAlone = async (messages: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    if (messages.length === 0) return [];
    if (!channel || !broker.isConnected()) return messages.map(() => ({ kind: 'unsent' }));
    return confirmed.publish(channel, messages);
  };

  const publishEach = (messages: readonly Outgoing[], { areBundled = false }: PublishOptions = {}) =>
    areBundled ? publishInBundles(messages, publishAlone) : publishAlone(messages);

  return {
    publishEach,
    publish: async (messages, options) => requireConfirmed(await publishEach(messages, options)),
    reply: (outgoingReplies) => replies.send(bundleReplies(outgoingReplies)),
  };
}

/** Sends messages with replies, and keeps those that the broker hasn't confirmed. */
function createReplySender(limit: SizeLimit, logger: Logger, currentChannel: () => ConfirmChannel | undefined) {
  const unconfirmed = new Set<Outgoing>();

  const send = (reply: Outgoing) => {
    const options = { contentType: 'application/json', ...reply.properties };
    try {
      currentChannel()?.publish('', reply.routingKey, limit.contentOf(reply), options, (error: unknown) => {
        if (!error) unconfirmed.delete(reply);
      });
    } catch (error) {
      logger.debug({ err: error }, 'could not send a reply');
    }
  };

  return {
    send: (replies: readonly Outgoing[]) => {
      for (const reply of replies) {
        if (unconfirmed.size < REPLIES_MAX) unconfirmed.add(reply);
        send(reply);
      }
    },
    resend: () => {
      for (const reply of unconfirmed) send(reply);
    },
  };
}

/** Publishes messages in bundles, and those of a bundle that is too large for the broker one by one. */
async function publishInBundles(
  messages: readonly Outgoing[],
  publish: (messages: readonly Outgoing[]) => Promise<PublishOutcome[]>,
): Promise<PublishOutcome[]> {
  const publications = bundleOutgoing(messages);
  const publicationOutcomes = await publish(publications.map(({ message }) => message));
  const outcomes: PublishOutcome[] = [];
  for (const [position, { indexes }] of publications.entries()) {
    const outcome = publicationOutcomes[position]!;
    const isTooLarge = outcome.kind === 'refused' && indexes.length > 1;
    const each = isTooLarge ? await publish(indexes.map((index) => messages[index]!)) : indexes.map(() => outcome);
    indexes.forEach((index, place) => (outcomes[index] = each[place]!));
  }
  return outcomes;
}

function requireConfirmed(outcomes: readonly PublishOutcome[]): void {
  if (outcomes.some(({ kind }) => kind === 'unsent' || kind === 'unconfirmed')) throw unavailable('the message broker');
  for (const outcome of outcomes)
    if (outcome.kind === 'refused') throw new AppError('invalid', 'MESSAGE_REFUSED', outcome.reason);
}
