import type { Envelope, JobQueue, QueryQueue } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel, Message } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openConfirmChannel } from '../connection/open-channel';
import { encode } from '../publishing/outgoing';

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

interface PendingRequest {
  resolve(reply: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';

/** amqplib signals a nack only by its error text. Any other failed confirm says nothing about the message. */
const isNack = (error: unknown) => error instanceof Error && error.message === 'message nacked';

const noAnswerError = () =>
  new AppError('timeout', 'TIMEOUT', 'No answer in time; the outcome is unknown, retry with the same Idempotency-Key');

export function createRequester(
  broker: Broker,
  options: { logger: Logger; queues: readonly (JobQueue | QueryQueue)[] },
): Requester {
  const pending = createPendingRequests();
  let channel: ConfirmChannel | undefined;

  const receive = (message: Message | null) => {
    if (!message) return;
    pending.end(String(message.properties.correlationId), (request) => {
      try {
        request.resolve(JSON.parse(message.content.toString('utf8')));
      } catch {
        request.reject(noAnswerError());
      }
    });
  };

  broker.onSetup(async (model, step) => {
    await declareTopology(model, options.queues, step);
    const newChannel = await openConfirmChannel(model, options.logger, step);
    // The queue doesn't exist: the broker returned the message, so it will never be processed.
    newChannel.on('return', ({ properties }) =>
      pending.fail(String(properties.correlationId), unavailable('the service')),
    );
    await step('consuming replies', newChannel.consume(DIRECT_REPLY_TO, receive, { noAck: true }));
    channel = newChannel;
  });
  broker.onDisconnected(() => {
    channel = undefined;
    pending.failAll();
  });

  return {
    request: (queue, message, requestOptions) =>
      new Promise((resolve, reject) => {
        if (!channel || !broker.isConnected()) return reject(unavailable('the message broker'));
        const requestId = pending.add(resolve, reject, requestOptions.timeoutMs);
        const fail = (cause: unknown) => pending.fail(requestId, unavailable('the message broker', cause));
        try {
          channel.publish(
            '',
            queue,
            encode(message),
            propertiesOf(message, requestId, requestOptions),
            (error: unknown) => {
              // A lost connection fails its confirms too; then the outcome is unknown, and the disconnect listener reports it.
              if (isNack(error)) fail(error);
            },
          );
        } catch (error) {
          fail(error);
        }
      }),
  };
}

const propertiesOf = (message: Envelope, requestId: string, { timeoutMs, isPersistent }: RequestOptions) => ({
  persistent: isPersistent,
  contentType: 'application/json',
  messageId: message.id,
  type: message.type,
  correlationId: requestId,
  replyTo: DIRECT_REPLY_TO,
  mandatory: true,
  ...(isPersistent ? {} : { expiration: timeoutMs }),
});

/** The requests that wait for a reply. Each ends once; ending it again has no effect. */
function createPendingRequests() {
  const requests = new Map<string, PendingRequest>();
  let lastRequest = 0;

  const end = (requestId: string, settle: (request: PendingRequest) => void) => {
    const request = requests.get(requestId);
    if (!request) return;
    requests.delete(requestId);
    clearTimeout(request.timer);
    settle(request);
  };
  const fail = (requestId: string, error: Error) => end(requestId, (request) => request.reject(error));

  return {
    /** @returns the id of the request, which fails after its timeout */
    add: (resolve: PendingRequest['resolve'], reject: PendingRequest['reject'], timeoutMs: number): string => {
      const requestId = (++lastRequest).toString(36);
      const timer = setTimeout(() => fail(requestId, noAnswerError()), timeoutMs);
      requests.set(requestId, { resolve, reject, timer });
      return requestId;
    },
    end,
    fail,
    failAll: () => {
      for (const requestId of [...requests.keys()]) fail(requestId, noAnswerError());
    },
  };
}
