import type { Channel } from 'amqplib';

export const FLOOR_QUEUES = {
  adds: 'floor.adds',
  batchedAdds: 'floor.batched-adds',
  cartJobs: 'floor.cart-jobs',
  checkouts: 'floor.checkouts',
  results: 'floor.checkout-results',
  transactions: 'floor.transactions',
} as const;

export async function declareFloorQueues(channel: Channel): Promise<void> {
  for (const queue of Object.values(FLOOR_QUEUES))
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
}
