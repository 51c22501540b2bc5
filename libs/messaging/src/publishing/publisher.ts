import { AppError, unavailable, type Logger } from '@souk/service';
import type { Channel, ConfirmChannel } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology, type UsedTopology } from '../connection/declare-topology';
import { openChannel, openConfirmChannel } from '../connection/open-channel';
import { createSizeLimit, type SizeLimit } from './message-size';
import { bundleOutgoing } from './bundle-outgoing';
import { bundleReplies, type OutgoingReply } from './bundle-replies';
import type { Outgoing } from './outgoing';
import { createConfirmedPublishing, type PublishOutcome } from './publish-confirmed';
import { createRecentReplies } from './recent-replies';

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
  /**
   * Replies to callers that are still listening. The most recent replies are sent again after each reconnect, since the broker may
   * not have received them; callers ignore the copies. Of a large reply, the smaller version is sent again.
   */
  reply(replies: readonly OutgoingReply[]): void;
}

export function createPublisher(broker: Broker, logger: Logger, topology: UsedTopology): Publisher {
  const limit = createSizeLimit();
  const confirmed = createConfirmedPublishing(limit);
  let channel: ConfirmChannel | undefined;
  let replyChannel: Channel | undefined;
  const replies = createReplySender(limit, logger, () => replyChannel);

  const failAll = () => {
    channel = undefined;
    confirmed.endWaits();
  };

  broker.onSetup(async (model, step) => {
    await declareTopology(model, topology, step);
    const newChannel = await openConfirmChannel(model, logger, step);
    newChannel.on('return', ({ fields }) => {
      logger.error({ queue: fields.routingKey }, 'a queue does not exist; reconnecting');
      newChannel.close().catch(() => undefined); // unconfirmed messages fail and are sent again
      failAll();
    });
    // Needs no confirms, since the recent replies are sent again after each reconnect.
    const newReplyChannel = await openChannel(model, logger, step);
    for (const each of [newChannel, newReplyChannel]) each.on('error', limit.learnFrom);
    limit.renew();
    channel = newChannel;
    replyChannel = newReplyChannel;
  });
  // After the set-up: a broker that is short of memory stops reading from a connection that has published.
  broker.onConnected(replies.resend);
  broker.onDisconnected(() => {
    replyChannel = undefined;
    failAll();
  });
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

function createReplySender(limit: SizeLimit, logger: Logger, currentChannel: () => Channel | undefined) {
  const recent = createRecentReplies();

  const send = (reply: Outgoing) => {
    const options = { contentType: 'application/json', ...reply.properties };
    try {
      currentChannel()?.publish(reply.exchange, reply.routingKey, limit.contentOf(reply), options);
    } catch (error) {
      logger.debug({ err: error }, 'could not send a reply');
    }
  };

  return {
    send: (replies: readonly Outgoing[]) => {
      for (const reply of replies) {
        recent.keep(reply);
        send(reply);
      }
    },
    resend: () => recent.all().forEach(send),
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
