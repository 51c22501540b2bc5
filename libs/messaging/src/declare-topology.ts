import {
  deadLetterQueue,
  RETRY_DELAYS_MS,
  retryQueue,
  type JobQueue,
  type QueryQueue,
  type TopicExchange,
} from '@souk/contracts';
import type { Channel, ChannelModel } from 'amqplib';

const quorum = (more: Record<string, unknown> = {}) => ({
  durable: true,
  arguments: { 'x-queue-type': 'quorum', ...more },
});

/** A message that leaves a queue for another is confirmed there before it goes: none is lost on the way. */
const deadLetterTo = (queue: string) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/**
 * Whoever publishes to an exchange is not held up by a queue that is full. What is dropped goes nowhere: among the dead letters
 * it would pile up without a limit.
 */
const DROP_OLDEST = { 'x-overflow': 'drop-head' };

async function declareJobQueue(channel: Channel, { name, binding }: JobQueue): Promise<void> {
  await channel.assertQueue(deadLetterQueue(name), quorum());
  await channel.assertQueue(name, quorum(binding ? DROP_OLDEST : deadLetterTo(deadLetterQueue(name))));
  for (const delayMs of RETRY_DELAYS_MS) {
    await channel.assertQueue(retryQueue(name, delayMs), quorum({ 'x-message-ttl': delayMs, ...deadLetterTo(name) }));
  }
  if (!binding) return;
  await declareExchange(channel, binding.exchange);
  for (const routingKey of binding.routingKeys) await channel.bindQueue(name, binding.exchange.name, routingKey);
}

const declareExchange = (channel: Channel, { name }: TopicExchange) =>
  channel.assertExchange(name, 'topic', { durable: true });

/** Declares what this process publishes to or consumes from. Declaring again changes nothing, so nobody has to be first. */
export async function declareTopology(
  model: ChannelModel,
  parts: readonly (JobQueue | QueryQueue | TopicExchange)[],
): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined); // the pending declaration rejects with it
  for (const part of parts) {
    if (part.kind === 'jobs') await declareJobQueue(channel, part);
    else if (part.kind === 'queries')
      await channel.assertQueue(part.name, { durable: true, arguments: { 'x-queue-type': 'classic' } });
    else await declareExchange(channel, part);
  }
  await channel.close();
}
