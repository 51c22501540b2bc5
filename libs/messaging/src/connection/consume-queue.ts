import type { Channel, ConsumeMessage } from 'amqplib';
import type { SetUpStep } from './set-up-step';

interface QueueConsumption {
  queue: string;
  /** Maximum number of unacknowledged deliveries. */
  prefetch: number;
  /** Default: a tag that the broker generates. */
  consumerTag?: string;
  onDelivery(raw: ConsumeMessage): void;
}

/** Starts consuming a queue. If the queue is deleted, closes the channel: reconnecting declares the queue again. */
export async function consumeQueue(
  channel: Channel,
  { queue, prefetch, consumerTag, onDelivery }: QueueConsumption,
  step: SetUpStep,
): Promise<void> {
  const receive = (raw: ConsumeMessage | null) => {
    if (raw) onDelivery(raw);
    else channel.close().catch(() => undefined); // the broker has cancelled the consumer
  };
  const starting = channel
    .prefetch(prefetch)
    .then(() => channel.consume(queue, receive, consumerTag === undefined ? {} : { consumerTag }));
  await step(`consuming the queue ${queue}`, starting);
}
