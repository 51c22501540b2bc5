import type { Envelope, JobQueue, QueryQueue } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel, Message } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';
import { encode } from '../publishing/publisher';

export interface RequestOptions {
  timeoutMs: number;
  /** A job survives a broker restart; a query expires at its caller's timeout. */
  isPersistent: boolean;
}

export interface Requester {
  /**
   * Publishes a message and waits for the reply (direct reply-to).
   * @throws AppError `unavailable` if nothing was done: not connected, or the broker refused or returned the message;
   * `timeout` if no reply came: the outcome is unknown
   */
  request(queue: string, message: Envelope, options: RequestOptions): Promise<unknown>;
}

interface Pending {
  resolve(reply: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';

/** amqplib signals a nack only by its error text. Any other failed confirm says nothing about the message. */
const isNack = (error: unknown) => error instanceof Error && error.message === 'message nacked';

const noAnswer = () =>
  new AppError('timeout', 'TIMEOUT', 'No answer in time; the outcome is unknown, retry with the same Idempotency-Key');

export function createRequester(
  broker: Broker,
  options: { logger: Logger; queues: readonly (JobQueue | QueryQueue)[] },
): Requester {
  const pending = new Map<string, Pending>();
  let channel: ConfirmChannel | undefined;
  let lastRequest = 0;

  const settle = (requestId: string, how: (request: Pending) => void) => {
    const request = pending.get(requestId);
    if (!request) return;
    pending.delete(requestId);
    clearTimeout(request.timer);
    how(request);
  };

  const receive = (message: Message | null) => {
    if (!message) return;
    settle(String(message.properties.correlationId), (request) => {
      try {
        request.resolve(JSON.parse(message.content.toString('utf8')));
      } catch {
        request.reject(noAnswer());
      }
    });
  };

  broker.onSetup(async (model, step) => {
    await declareTopology(model, options.queues, step);
    const opened = await openConfirmChannel(model, options.logger, step);
    // The queue is gone: the broker returned the message, so it will never be processed.
    opened.on('return', (message) =>
      settle(String(message.properties.correlationId), (request) => request.reject(unavailable('the service'))),
    );
    await step('consuming replies', opened.consume(DIRECT_REPLY_TO, receive, { noAck: true }));
    channel = opened;
  });
  broker.onDisconnected(() => {
    channel = undefined;
    for (const requestId of [...pending.keys()]) settle(requestId, (request) => request.reject(noAnswer()));
  });

  return {
    request: (queue, message, { timeoutMs, isPersistent }) =>
      new Promise((resolve, reject) => {
        if (!channel || !broker.isConnected()) return reject(unavailable('the message broker'));
        const requestId = (++lastRequest).toString(36);
        const timer = setTimeout(() => settle(requestId, (request) => request.reject(noAnswer())), timeoutMs);
        pending.set(requestId, { resolve, reject, timer });
        const properties = {
          persistent: isPersistent,
          contentType: 'application/json',
          messageId: message.id,
          type: message.type,
          correlationId: requestId,
          replyTo: DIRECT_REPLY_TO,
          mandatory: true,
          ...(isPersistent ? {} : { expiration: timeoutMs }),
        };
        try {
          channel.publish('', queue, encode(message), properties, (error: unknown) => {
            // A lost connection fails its confirms too; then the outcome is unknown, and the disconnect listener reports it.
            if (isNack(error)) settle(requestId, (request) => request.reject(unavailable('the message broker', error)));
          });
        } catch (error) {
          settle(requestId, (request) => request.reject(unavailable('the message broker', error)));
        }
      }),
  };
}
