import type { ConsumeMessage } from 'amqplib';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { addLines, type CartLine } from '../cart-lines';
import { inTransaction, type FloorEngines } from '../floor-process';
import { insertNew } from '../insert-new';
import { consumeBatches, jobIdOf, openOutbox, reply } from '../messages';
import { FLOOR_QUEUES } from '../queues';
import type { Order } from './rpc';

interface CheckOutJob {
  kind: 'check-out';
  clientID: string;
  orderID: string;
}
export type CartJob = ({ kind: 'add' } & CartLine) | CheckOutJob;

const parse = (message: ConsumeMessage) => JSON.parse(message.content.toString()) as unknown;

export async function startCartWorker({ db, broker }: FloorEngines): Promise<void> {
  /** The messages whose order has not settled, by order. */
  const callers = new Map<string, ConsumeMessage>();

  await consumeBatches(broker, FLOOR_QUEUES.results, async (messages, channel) => {
    const orderIDs = messages.map((message) => parse(message) as string);
    await inTransaction(db, (tx) =>
      tx.query("UPDATE orders SET status = 'completed' WHERE order_id IN (?) AND status = 'processing'", [orderIDs]),
    );
    for (const orderID of orderIDs) {
      reply(channel, callers.get(orderID)!, 'completed');
      callers.delete(orderID);
    }
  });

  const relay = await openOutbox(db, broker, FLOOR_QUEUES.checkouts);
  await consumeBatches(broker, FLOOR_QUEUES.cartJobs, async (messages, channel) => {
    const jobs = messages.map((message) => parse(message) as CartJob);
    const jobIds = messages.map(jobIdOf);
    const orders = await inTransaction(db, async (tx) => {
      await insertNew(
        tx,
        'inbox (id)',
        jobIds.map((id) => [id]),
      );
      return applyJobs(tx, jobs);
    });
    const orderIDs = new Set(orders.map(({ orderID }) => orderID));
    jobs.forEach((job, index) => {
      const message = messages[index]!;
      if (job.kind === 'add') reply(channel, message, 'done');
      else if (orderIDs.has(job.orderID)) callers.set(job.orderID, message);
      else reply(channel, message, 'empty');
    });
    for (const order of orders) relay({ id: order.orderID, payload: JSON.stringify(order) });
  });
}

async function applyJobs(tx: PoolConnection, jobs: readonly CartJob[]): Promise<Order[]> {
  const lines = jobs.filter((job) => job.kind === 'add');
  if (lines.length > 0) await addLines(tx, lines);
  const checkOuts = jobs.filter((job) => job.kind === 'check-out');
  return checkOuts.length > 0 ? checkOut(tx, checkOuts) : [];
}

/** Turns the carts into orders. @returns them, without those whose cart is empty */
async function checkOut(tx: PoolConnection, jobs: readonly CheckOutJob[]): Promise<Order[]> {
  const clientIDs = jobs.map(({ clientID }) => clientID);
  const [rows] = await tx.query<(RowDataPacket & CartLine & { price: number })[]>(
    `SELECT client_id AS clientID, product_id AS productID, quantity, price
       FROM client_cart JOIN product USING (product_id) WHERE client_id IN (?)`,
    [clientIDs],
  );
  const itemsOf = new Map<string, Order['items']>();
  for (const { clientID, productID, quantity, price } of rows)
    itemsOf.set(clientID, [...(itemsOf.get(clientID) ?? []), { productID, quantity, price }]);
  const orders = jobs
    .map(({ orderID, clientID }) => ({ orderID, clientID, items: takeItems(itemsOf, clientID) }))
    .filter(({ items }) => items.length > 0);
  if (orders.length === 0) return [];
  await tx.query('DELETE FROM client_cart WHERE client_id IN (?)', [clientIDs]);
  await tx.query('INSERT INTO orders (order_id, client_id, status, total, created_at) VALUES ?', [
    orders.map(({ orderID, clientID, items }) => [orderID, clientID, 'processing', totalOf(items), new Date()]),
  ]);
  await tx.query('INSERT INTO order_item (order_id, product_id, quantity, price) VALUES ?', [
    orders.flatMap(({ orderID, items }) =>
      items.map(({ productID, quantity, price }) => [orderID, productID, quantity, price]),
    ),
  ]);
  await tx.query('INSERT INTO outbox (id, payload) VALUES ?', [
    orders.map((order) => [order.orderID, JSON.stringify(order)]),
  ]);
  return orders;
}

/** The second checkout of a cart in a batch finds nothing. */
function takeItems(itemsOf: Map<string, Order['items']>, clientID: string): Order['items'] {
  const items = itemsOf.get(clientID) ?? [];
  itemsOf.delete(clientID);
  return items;
}

export const totalOf = (items: Order['items']): number =>
  items.reduce((total, { quantity, price }) => total + quantity * price, 0);
