import type { FloorEngines } from '../floor-process';
import { consumeBatches, publishBatch } from '../messages';
import { FLOOR_QUEUES } from '../queues';
import { connectTo, type Order } from './rpc';

/** Runs checkouts with one call per step for all that are waiting. It keeps no state: the services recognise repetitions. */
export async function startCheckoutWorker({ broker, portOf }: FloorEngines): Promise<void> {
  const callInventory = connectTo(portOf('inventory'));
  const callWallet = connectTo(portOf('wallet'));
  const results = await broker.createConfirmChannel();
  await consumeBatches(broker, FLOOR_QUEUES.checkouts, async (messages) => {
    const orders = messages.map(({ content }) => JSON.parse(content.toString()) as Order);
    await callInventory('reserve', orders);
    await callWallet('charge', orders);
    await callInventory('commit', orders);
    await publishBatch(
      results,
      FLOOR_QUEUES.results,
      orders.map(({ orderID }) => JSON.stringify(orderID)),
    );
  });
}
