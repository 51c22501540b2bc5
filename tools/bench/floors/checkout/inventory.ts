import type { PoolConnection } from 'mysql2/promise';
import { inTransaction, type FloorEngines } from '../floor-process';
import { insertNew } from '../insert-new';
import { serve, type Order } from './rpc';
import { take } from './take';

export const startInventory = ({ db }: FloorEngines): Promise<number> =>
  serve({
    reserve: (orders) => inTransaction(db, (tx) => reserve(tx, orders)),
    commit: (orders) => inTransaction(db, (tx) => commit(tx, orders)),
  });

async function reserve(tx: PoolConnection, orders: readonly Order[]): Promise<void> {
  await insertNew(
    tx,
    'reservation (order_id)',
    orders.map(({ orderID }) => [orderID]),
  );
  const requested = new Map<string, number>();
  for (const { productID, quantity } of orders.flatMap(({ items }) => items))
    requested.set(productID, (requested.get(productID) ?? 0) + quantity);
  await take(tx, { table: 'product', key: 'product_id', column: 'stock' }, requested);
  await tx.query('INSERT INTO reservation_line (order_id, product_id, quantity) VALUES ?', [
    orders.flatMap(({ orderID, items }) => items.map(({ productID, quantity }) => [orderID, productID, quantity])),
  ]);
}

async function commit(tx: PoolConnection, orders: readonly Order[]): Promise<void> {
  const orderIDs = orders.map(({ orderID }) => orderID);
  await insertNew(
    tx,
    'reservation_outcome (order_id, outcome)',
    orderIDs.map((orderID) => [orderID, 'committed']),
  );
  await tx.query('DELETE FROM reservation_line WHERE order_id IN (?)', [orderIDs]);
}
