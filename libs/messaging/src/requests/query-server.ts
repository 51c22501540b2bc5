import { parseMessage, type MessageDeclaration, type MessageOf, type QueryQueue } from '@souk/contracts';
import { type Logger, createCoalescer } from '@souk/service';
import type { ConsumeMessage } from 'amqplib';
import type { Broker } from '../connection/broker';
import { consumeQueue } from '../connection/consume-queue';
import { openChannel } from '../connection/open-channel';
import type { Publisher } from '../publishing/publisher';

interface QueryServerOptions<Message, Reply> {
  logger: Logger;
  publisher: Publisher;
  batchMax: number;
  /** Answers a batch of queries, with one reply per query, in order. */
  answer(queries: Message[]): Promise<Reply[]>;
  /** The reply if `answer` throws, or if its reply exceeds the broker's limit. */
  answerFailure: Reply;
}

/** Answers the queries of a queue in batches. Queries are transient: the caller has to repeat one that is lost. */
export function serveQueries<Declaration extends MessageDeclaration, Reply>(
  broker: Broker,
  queue: QueryQueue & { messages: readonly Declaration[] },
  options: QueryServerOptions<MessageOf<Declaration>, Reply>,
): void {
  const { logger, publisher } = options;
  const queries = createCoalescer<MessageOf<Declaration>, Reply>({
    run: (batch) => options.answer(batch),
    batchMax: options.batchMax,
    queueMax: options.batchMax,
  });

  const answer = async ({ content, properties }: ConsumeMessage) => {
    const parsed = parseMessage(queue.messages, content);
    if (!parsed.ok) {
      logger.warn({ reason: parsed.reason }, 'skipped an unreadable query');
      return;
    }
    const reply = await queries.submit(parsed.message).catch((error: unknown) => {
      logger.warn({ err: error, queue: queue.name }, 'could not answer a query');
      return options.answerFailure;
    });
    const to = { replyTo: String(properties.replyTo), correlationId: String(properties.correlationId) };
    publisher.reply([{ to, body: reply, smaller: options.answerFailure }]);
  };

  broker.onSetup(async (model, step) => {
    const channel = await openChannel(model, logger, step);
    const onDelivery = (raw: ConsumeMessage) => {
      answer(raw)
        .then(() => channel.ack(raw))
        .catch((error: unknown) => logger.debug({ err: error }, 'the channel of the queries is closed'));
    };
    await consumeQueue(channel, { queue: queue.name, prefetch: options.batchMax, onDelivery }, step);
  });
}
