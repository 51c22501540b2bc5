import {
  bindingsOf,
  exchangeTo,
  queueDeclarations,
  REPLIES_EXCHANGE,
  temporaryQueue,
  type JobQueue,
  type QueryQueue,
  type TopicExchange,
} from '@souk/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { SetUpStep } from './set-up-step';

/** What a process consumes, and where it sends messages. */
export interface UsedTopology {
  consumes?: readonly (JobQueue | QueryQueue)[];
  sendsTo?: readonly (JobQueue | QueryQueue | TopicExchange)[];
}

/** The broker's answers to a lookup: the exchange doesn't exist, or its user may not know. Source: AMQP 0-9-1 */
const NOT_FOUND = 404;
const ACCESS_REFUSED = 403;

/** Replies and events that a caller hasn't read yet. Beyond that, the oldest are dropped. */
const TEMPORARY_LENGTH_MAX = 10_000;

/**
 * Declares the queues that this process consumes. Queues and exchanges that it only sends to are declared only if they are missing,
 * so apps can start in any order. On a broker set up from definitions.json, a user may declare nothing but the queues it consumes.
 */
export async function declareTopology(
  model: ChannelModel,
  { consumes = [], sendsTo = [] }: UsedTopology,
  step: SetUpStep,
): Promise<void> {
  for (const queue of consumes) await declareQueue(model, queue, step);
  for (const target of sendsTo) {
    if (target.kind === 'topic') await ensureExchange(model, target.name, 'topic', step);
    else if (!(await exchangeExists(model, exchangeTo(target.name), step))) await declareQueue(model, target, step);
  }
}

/** Declares an exchange if it doesn't exist. */
export async function ensureExchange(
  model: ChannelModel,
  name: string,
  type: 'topic' | 'fanout',
  step: SetUpStep,
): Promise<void> {
  if (await exchangeExists(model, name, step)) return;
  await onChannel(model, step, (channel) =>
    step(`declaring the exchange ${name}`, channel.assertExchange(name, type, { durable: true })),
  );
}

/**
 * Declares a queue of this connection, which is deleted with it, and binds it to an exchange.
 * @param pattern the routing keys of the messages to receive. Default: the name of the queue
 * @returns the name of the queue
 */
export async function declareTemporaryQueue(
  channel: Channel,
  { user, exchange, pattern }: { user: string; exchange: string; pattern?: string },
  step: SetUpStep,
): Promise<string> {
  const queue = temporaryQueue(user, exchange, randomUUID());
  const options = {
    ...{ exclusive: true, autoDelete: true, durable: false, maxLength: TEMPORARY_LENGTH_MAX },
    arguments: { 'x-queue-type': 'classic' },
  };
  await step(`declaring the queue ${queue}`, channel.assertQueue(queue, options));
  await step(`binding to the exchange ${exchange}`, channel.bindQueue(queue, exchange, pattern ?? queue));
  return queue;
}

async function declareQueue(model: ChannelModel, queue: JobQueue | QueryQueue, step: SetUpStep): Promise<void> {
  for (const { name } of queueDeclarations(queue)) await ensureExchange(model, exchangeTo(name), 'fanout', step);
  if (queue.reply) await ensureExchange(model, REPLIES_EXCHANGE, 'topic', step);
  if (queue.kind === 'jobs' && queue.binding) await ensureExchange(model, queue.binding.exchange.name, 'topic', step);
  await onChannel(model, step, async (channel) => {
    for (const { name, arguments: queueArguments } of queueDeclarations(queue)) {
      const options = { durable: true, arguments: queueArguments };
      await step(`declaring the queue ${name}`, channel.assertQueue(name, options));
    }
    for (const { queue: name, source, routingKey } of bindingsOf(queue))
      await step(`binding the queue ${name}`, channel.bindQueue(name, source, routingKey));
  });
}

async function exchangeExists(model: ChannelModel, name: string, step: SetUpStep): Promise<boolean> {
  try {
    await onChannel(model, step, (channel) => step(`looking up the exchange ${name}`, channel.checkExchange(name)));
    return true;
  } catch (error) {
    const { cause } = error as { cause?: { code?: number } };
    if (cause?.code === NOT_FOUND) return false;
    // RabbitMQ 4.2.6 and 4.3.0 allow lookups only to users that may also declare; others couldn't declare it anyway.
    if (cause?.code === ACCESS_REFUSED) return true;
    throw error;
  }
}

/** Works on a channel of its own, which the broker closes when it refuses something. */
async function onChannel(
  model: ChannelModel,
  step: SetUpStep,
  work: (channel: Channel) => Promise<unknown>,
): Promise<void> {
  const channel = await step('opening a channel', model.createChannel());
  channel.on('error', () => undefined); // the pending step rejects with it
  await work(channel);
  await step('closing a channel', channel.close());
}
