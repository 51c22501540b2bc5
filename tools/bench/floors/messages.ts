import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Pool } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { createBatcher } from './batcher';

const PREFETCH = 256;
const REPLY_TO = 'amq.rabbitmq.reply-to';

/** Sends a persistent message to a quorum queue, with a confirm. @returns the reply */
export type Ask = (body: string) => Promise<string>;

export async function openRequests(broker: ChannelModel, queue: string): Promise<Ask> {
  const channel = await broker.createConfirmChannel();
  const pending = new Map<string, (reply: string) => void>();
  let lastId = 0;
  await channel.consume(REPLY_TO, (message) => takeReply(pending, message), { noAck: true });
  return (body) =>
    new Promise((resolve, reject) => {
      const correlationId = String(++lastId);
      pending.set(correlationId, resolve);
      const onConfirm = (error: unknown) => error && reject(new Error(`${queue} refused a message`, { cause: error }));
      const properties = { persistent: true, replyTo: REPLY_TO, correlationId, messageId: randomUUID() };
      channel.sendToQueue(queue, Buffer.from(body), properties, onConfirm);
    });
}

function takeReply(pending: Map<string, (reply: string) => void>, message: ConsumeMessage | null): void {
  const correlationId = String(message?.properties.correlationId);
  pending.get(correlationId)?.(message!.content.toString());
  pending.delete(correlationId);
}

/** Identifies a job for the inbox. */
export const jobIdOf = ({ properties }: ConsumeMessage): string => String(properties.messageId);

export function reply(channel: Channel, { properties }: ConsumeMessage, body: string): void {
  channel.sendToQueue(String(properties.replyTo), Buffer.from(body), {
    correlationId: String(properties.correlationId),
  });
}

/** Consumes a quorum queue in batches: all buffered messages at once, acknowledged once `apply` has resolved. */
export async function consumeBatches(
  broker: ChannelModel,
  queue: string,
  apply: (messages: ConsumeMessage[], channel: Channel) => Promise<void>,
): Promise<void> {
  const channel = await broker.createChannel();
  await channel.prefetch(PREFETCH);
  const add = createBatcher<ConsumeMessage>(queue, async (messages) => {
    await apply(messages, channel);
    channel.ack(messages.at(-1)!, true);
  });
  await channel.consume(queue, (message) => message && add(message));
}

/** Publishes a batch of persistent messages, and waits for the confirms. */
export async function publishBatch(channel: ConfirmChannel, queue: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body), { persistent: true });
  await channel.waitForConfirms();
}

export interface OutboxEntry {
  id: string;
  payload: string;
}

/** @returns a function that publishes a committed row of the outbox, then deletes it */
export async function openOutbox(db: Pool, broker: ChannelModel, queue: string): Promise<(entry: OutboxEntry) => void> {
  const channel = await broker.createConfirmChannel();
  return createBatcher<OutboxEntry>(`outbox of ${queue}`, async (entries) => {
    await publishBatch(
      channel,
      queue,
      entries.map(({ payload }) => payload),
    );
    await db.query('DELETE FROM outbox WHERE id IN (?)', [entries.map(({ id }) => id)]);
  });
}
