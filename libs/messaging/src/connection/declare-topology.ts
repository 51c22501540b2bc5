import {
  deadLetterQueue,
  RETRY_DELAYS_MS,
  retryQueue,
  type JobQueue,
  type QueryQueue,
  type TopicExchange,
} from '@souk/contracts';
import type { ChannelModel, Options } from 'amqplib';
import type { SetUpStep } from './set-up-step';

const quorum = (extraArguments: Record<string, unknown> = {}) => ({
  durable: true,
  arguments: { 'x-queue-type': 'quorum', ...extraArguments },
});

/** At-least-once dead-lettering: a message leaves its queue only once the other queue has confirmed it. */
const deadLetterTo = (queue: string) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/**
 * A full queue doesn't hold up publishers to the exchange. Dropped messages aren't dead-lettered, since dead letters would
 * pile up without limit.
 */
const DROP_OLDEST = { 'x-overflow': 'drop-head' };

/**
 * Declares the queues and exchanges that this process publishes to or consumes from. Declarations are idempotent, so the start
 * order doesn't matter.
 */
export async function declareTopology(
  model: ChannelModel,
  parts: readonly (JobQueue | QueryQueue | TopicExchange)[],
  step: SetUpStep,
): Promise<void> {
  const channel = await step('opening a channel', model.createChannel());
  channel.on('error', () => undefined); // the pending declaration rejects with it
  const declareQueue = (name: string, options: Options.AssertQueue) =>
    step(`declaring the queue ${name}`, channel.assertQueue(name, options));
  const declareExchange = ({ name }: TopicExchange) =>
    step(`declaring the exchange ${name}`, channel.assertExchange(name, 'topic', { durable: true }));

  const declareJobQueue = async ({ name, binding }: JobQueue) => {
    await declareQueue(deadLetterQueue(name), quorum());
    await declareQueue(name, quorum(binding ? DROP_OLDEST : deadLetterTo(deadLetterQueue(name))));
    for (const delayMs of RETRY_DELAYS_MS) {
      await declareQueue(retryQueue(name, delayMs), quorum({ 'x-message-ttl': delayMs, ...deadLetterTo(name) }));
    }
    if (!binding) return;
    await declareExchange(binding.exchange);
    for (const routingKey of binding.routingKeys)
      await step(`binding the queue ${name}`, channel.bindQueue(name, binding.exchange.name, routingKey));
  };

  for (const part of parts) {
    if (part.kind === 'jobs') await declareJobQueue(part);
    else if (part.kind === 'topic') await declareExchange(part);
    else await declareQueue(part.name, { durable: true, arguments: { 'x-queue-type': 'classic' } });
  }
  await step('closing a channel', channel.close());
}
