import type { Envelope, JobQueue, QueryQueue, TopicExchange } from '@souk/contracts';
import { unavailable, type Logger } from '@souk/service';
import type { ConfirmChannel, Options } from 'amqplib';
import type { Broker } from './broker';
import { declareTopology } from './declare-topology';
import { openConfirmChannel } from './open-channel';

/** A message and where it goes; exchange `''` is straight to the queue of that name. */
export interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  properties?: Options.Publish;
}

export interface Publisher {
  /**
   * Publishes persistent messages; resolves when the broker has confirmed all of them.
   * @throws AppError `unavailable` when one was not confirmed: it may or may not have arrived, so send it again
   */
  publish(messages: readonly Outgoing[]): Promise<void>;
  /** Answers whoever asked, if it still listens. Not confirmed: a lost answer is asked for again. */
  reply(to: { replyTo: string; correlationId: string }, body: unknown): void;
}

const isReplyAddress = (routingKey: string) => routingKey.startsWith('amq.rabbitmq.reply-to');

const CONFIRM_TIMEOUT_MS = 10_000;

export const encode = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

/** A message for the queue of jobs or the exchange it belongs to. */
export function outgoing(to: JobQueue | TopicExchange, message: Envelope): Outgoing {
  const target =
    to.kind === 'topic' ? { exchange: to.name, routingKey: message.type } : { exchange: '', routingKey: to.name };
  return { ...target, content: encode(message), properties: { messageId: message.id, type: message.type } };
}

export function createPublisher(
  broker: Broker,
  logger: Logger,
  topology: readonly (JobQueue | QueryQueue | TopicExchange)[],
): Publisher {
  let channel: ConfirmChannel | undefined;
  let failPending: ((error: Error) => void)[] = [];

  broker.onSetup(async (model, step) => {
    await declareTopology(model, topology, step);
    const opened = await openConfirmChannel(model, logger, step);
    opened.on('return', ({ fields }) => {
      if (isReplyAddress(fields.routingKey)) return; // whoever asked is gone
      logger.error({ queue: fields.routingKey }, 'a queue is gone; declaring it anew');
      opened.close().catch(() => undefined); // what is not confirmed yet fails, and is sent again
      failAll();
    });
    channel = opened;
  });
  const failWaiting = () => {
    const failing = failPending;
    failPending = [];
    failing.forEach((fail) => fail(unavailable('the message broker')));
  };
  const failAll = () => {
    channel = undefined;
    failWaiting();
  };
  broker.onDisconnected(failAll);
  broker.onBlocked(failWaiting); // a confirm may be minutes away; the sender holds locks, or is to stop

  const publishOn = (confirmChannel: ConfirmChannel, messages: readonly Outgoing[]) =>
    new Promise<void>((resolve, reject) => {
      let waitingFor = messages.length;
      const settle = (error?: Error) => {
        clearTimeout(timer);
        failPending = failPending.filter((each) => each !== settle);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => settle(unavailable('the message broker')), CONFIRM_TIMEOUT_MS);
      failPending.push(settle);
      for (const { exchange, routingKey, content, properties } of messages) {
        const mandatory = exchange === ''; // straight to a queue, which has to be there
        const options = { persistent: true, contentType: 'application/json', mandatory, ...properties };
        confirmChannel.publish(exchange, routingKey, content, options, (error: unknown) => {
          if (error) settle(unavailable('the message broker', error));
          else if (--waitingFor === 0) settle();
        });
      }
    });

  return {
    publish: async (messages) => {
      if (messages.length === 0) return;
      if (!channel || !broker.isConnected()) throw unavailable('the message broker');
      try {
        await publishOn(channel, messages);
      } catch (error) {
        throw unavailable('the message broker', error);
      }
    },
    reply: ({ replyTo, correlationId }, body) => {
      try {
        channel?.publish('', replyTo, encode(body), { correlationId, contentType: 'application/json' });
      } catch (error) {
        logger.debug({ err: error }, 'an answer could not be sent');
      }
    },
  };
}
