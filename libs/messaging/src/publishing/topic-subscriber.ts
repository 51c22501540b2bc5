import { parseMessage, type MessageDeclaration, type MessageOf, type TopicExchange } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { ConsumeMessage } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTopology } from '../connection/declare-topology';
import { openChannel } from '../connection/open-channel';

/**
 * Receives every message of an exchange through a temporary queue that is deleted with the connection. Messages published
 * while the connection is down are missed, so fetch the current state in `broker.onConnected`.
 */
export function subscribeTopic<Declaration extends MessageDeclaration>(
  broker: Broker,
  exchange: TopicExchange & { messages: readonly Declaration[] },
  logger: Logger,
  onMessage: (message: MessageOf<Declaration>) => void,
): void {
  const receive = (raw: ConsumeMessage | null) => {
    if (!raw) return;
    const parsed = parseMessage(exchange.messages, raw.content);
    if (parsed.ok) onMessage(parsed.message);
    else logger.warn({ reason: parsed.reason }, 'skipped an unreadable message');
  };
  broker.onSetup(async (model, step) => {
    await declareTopology(model, [exchange], step);
    const channel = await openChannel(model, logger, step);
    const temporary = { exclusive: true, autoDelete: true, durable: false };
    const { queue } = await step('declaring a temporary queue', channel.assertQueue('', temporary));
    await step(`binding to the exchange ${exchange.name}`, channel.bindQueue(queue, exchange.name, '#'));
    await step(`consuming the exchange ${exchange.name}`, channel.consume(queue, receive, { noAck: true }));
  });
}
