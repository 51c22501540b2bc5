import {
  parseReplyBundle,
  REPLIES_EXCHANGE,
  REPLY_BUNDLE_TYPE,
  type Envelope,
  type JobQueue,
  type QueryQueue,
} from '@souk/contracts';
import { unavailable, type Logger } from '@souk/service';
import type { Channel, Message } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTemporaryQueue, declareTopology, ensureExchange } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';
import { createPendingRequests } from './pending-requests';
import { createRequestSender, type RequestSender } from './send-requests';

export interface RequestOptions {
  timeoutMs: number;
  /** A job survives a broker restart and may travel in a bundle; a query expires at its caller's timeout. */
  isPersistent: boolean;
}

export interface Requester {
  /**
   * Publishes a message and waits for the reply, which arrives in a queue of this process.
   * @throws AppError `unavailable` if nothing was done: not connected, or the broker refused or returned the message;
   * `timeout` if no reply came: the outcome is unknown
   */
  request(queue: string, message: Envelope, options: RequestOptions): Promise<unknown>;
}

export function createRequester(
  broker: Broker,
  options: { logger: Logger; queues: readonly (JobQueue | QueryQueue)[] },
): Requester {
  const pending = createPendingRequests();
  let sender: RequestSender | undefined;

  const receive = (channel: Channel) => (message: Message | null) => {
    // The broker has cancelled the consumer. Reconnecting declares the queue again.
    if (!message) return void channel.close().catch(() => undefined);
    const { content, properties } = message;
    if (properties.type === REPLY_BUNDLE_TYPE)
      for (const { requestId, reply } of parseReplyBundle(content) ?? []) pending.resolve(requestId, reply);
    else receiveReply(String(properties.correlationId), content);
  };

  const receiveReply = (requestId: string, content: Buffer) => {
    try {
      pending.resolve(requestId, JSON.parse(content.toString('utf8')));
    } catch {
      pending.giveUp(requestId);
    }
  };

  broker.onSetup(async (model, step) => {
    await declareTopology(model, { sendsTo: options.queues }, step);
    await ensureExchange(model, REPLIES_EXCHANGE, 'topic', step);
    const channel = await openConfirmChannel(model, options.logger, step);
    const replyTo = await declareTemporaryQueue(channel, { user: broker.name, exchange: REPLIES_EXCHANGE }, step);
    const newSender = createRequestSender(channel, pending, replyTo);
    channel.on('return', ({ properties }) => newSender.onReturned(String(properties.correlationId)));
    await step('consuming replies', channel.consume(replyTo, receive(channel), { noAck: true }));
    sender = newSender;
  });
  broker.onDisconnected(() => {
    sender = undefined;
    pending.giveUpAll();
  });

  return {
    request: (queue, message, { timeoutMs, isPersistent }) =>
      new Promise((resolve, reject) => {
        if (!sender || !broker.isConnected()) return reject(unavailable('the message broker'));
        const requestId = pending.add(resolve, reject, timeoutMs);
        if (isPersistent) sender.sendJob(queue, requestId, message);
        else sender.sendQuery(queue, requestId, message, timeoutMs);
      }),
  };
}
