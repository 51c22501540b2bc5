import { judgeVersion } from '@souk/service';
import type { ChannelModel } from 'amqplib';

/** A broker's description of itself when a connection opens. Source: AMQP 0-9-1, connection.start */
interface ServerProperties {
  product?: string;
  version?: string;
  capabilities?: { publisher_confirms?: boolean };
}

/**
 * Checks for the features Souk's promises depend on: confirms, quorum queues and at-least-once dead letters.
 * @returns a warning if the version is untested
 * @throws Error with the reason, if Souk can't keep its promises with this broker
 */
export function probeBroker(model: ChannelModel): string | undefined {
  const { product, version, capabilities } = model.connection.serverProperties as ServerProperties;
  // Other brokers accept the declaration of a quorum queue but create another type.
  if (product !== 'RabbitMQ')
    throw new Error(`the broker is ${product ?? 'unknown'}; Souk needs RabbitMQ's quorum queues`);
  if (!capabilities?.publisher_confirms) throw new Error('the broker does not confirm messages, so they could be lost');
  const { refusal, warning } = judgeVersion('rabbitmq', version ?? '');
  if (refusal) throw new Error(refusal);
  return warning;
}
