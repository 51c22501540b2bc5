import { parseMessage, type MessageDeclaration, type MessageOf, type TopicExchange } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Broker } from '../connection/broker';
import { declareTemporaryQueue, ensureExchange } from '../connection/declare-topology';
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
  const receive = (channel: Channel) => (raw: ConsumeMessage | null) => {
    // The broker has cancelled the consumer. Reconnecting declares the queue again.
    if (!raw) return void channel.close().catch(() => undefined);
    const parsed = parseMessage(exchange.messages, raw.content);
    if (parsed.ok) onMessage(parsed.message);
    else logger.warn({ reason: parsed.reason }, 'skipped an unreadable message');
  };
  broker.onSetup(async (model, step) => {
    await ensureExchange(model, exchange.name, 'topic', step);
    const channel = await openChannel(model, logger, step);
    const address = { user: broker.name, exchange: exchange.name, pattern: '#' };
    const queue = await declareTemporaryQueue(channel, address, step);
    await step(`consuming the exchange ${exchange.name}`, channel.consume(queue, receive(channel), { noAck: true }));
  });
}
