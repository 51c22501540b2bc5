import type { PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { totalOf, type Order } from './checkout-floor-carts';
import { inTransaction, type FloorEngines } from './floor-process';
import { consumeBatches, publishBatch } from './messages';
import { FLOOR_QUEUES } from './queues';

const MERCHANT = 'merchant';

export async function startCheckoutWorker({ db, broker }: FloorEngines): Promise<void> {
  const results = await broker.createConfirmChannel();
  await consumeBatches(broker, FLOOR_QUEUES.checkouts, async (messages) => {
    const orders = messages.map(({ content }) => JSON.parse(content.toString()) as Order);
    await inTransaction(db, async (tx) => {
      await insertNew(
        tx,
        'INSERT IGNORE INTO inbox (id) VALUES ?',
        orders.map(({ orderID }) => [orderID]),
      );
      await reserve(tx, orders);
      await charge(tx, orders);
      await tx.query('INSERT INTO reservation_outcome (order_id, outcome) VALUES ?', [
        orders.map(({ orderID }) => [orderID, 'committed']),
      ]);
    });
    await publishBatch(
      results,
      FLOOR_QUEUES.results,
      orders.map(({ orderID }) => JSON.stringify(orderID)),
    );
  });
}

/**
 * An id that exists is a repetition, or a tombstone: the order was undone before it was made. Neither happens while the benchmark
 * runs, so the floor only pays for finding out.
 */
async function insertNew(tx: PoolConnection, sql: string, rows: unknown[][]): Promise<void> {
  const [{ affectedRows }] = await tx.query<ResultSetHeader>(sql, [rows]);
  if (affectedRows !== rows.length) throw new Error('an order was delivered twice');
}

async function reserve(tx: PoolConnection, orders: readonly Order[]): Promise<void> {
  await insertNew(
    tx,
    'INSERT IGNORE INTO reservation (order_id) VALUES ?',
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

async function charge(tx: PoolConnection, orders: readonly Order[]): Promise<void> {
  const charges = orders.map(({ orderID, clientID, items }) => ({
    ...{ orderID, clientID, total: totalOf(items) },
    transactionId: randomUUID(),
  }));
  await insertNew(
    tx,
    'INSERT IGNORE INTO payment (order_id, state, amount, transaction_id) VALUES ?',
    charges.map(({ orderID, total, transactionId }) => [orderID, 'charged', total, transactionId]),
  );
  const due = new Map<string, number>();
  for (const { clientID, total } of charges) due.set(clientID, (due.get(clientID) ?? 0) + total);
  await take(tx, { table: 'wallet', key: 'wallet_id', column: 'amount' }, due);
  await tx.query('INSERT INTO transaction_row (id, type, created_at) VALUES ?', [
    charges.map(({ transactionId }) => [transactionId, 'charge', new Date()]),
  ]);
  await tx.query('INSERT INTO posting (id, transaction_id, wallet_id, amount) VALUES ?', [
    charges.flatMap(({ transactionId, clientID, total }) => [
      [randomUUID(), transactionId, clientID, -total],
      [randomUUID(), transactionId, MERCHANT, total],
    ]),
  ]);
}

/** Locks the rows in sorted order, checks that each has enough, and takes it from all with one statement. */
async function take(
  tx: PoolConnection,
  { table, key, column }: { table: string; key: string; column: string },
  amounts: ReadonlyMap<string, number>,
): Promise<void> {
  const ids = [...amounts.keys()].sort();
  const [rows] = await tx.query<(RowDataPacket & { id: string; available: number })[]>(
    `SELECT ${key} AS id, ${column} AS available FROM ${table} WHERE ${key} IN (?) ORDER BY ${key} FOR UPDATE`,
    [ids],
  );
  if (rows.length < ids.length || rows.some(({ id, available }) => available < amounts.get(id)!))
    throw new Error(`a ${table} has too little; the benchmark should have provided more`);
  await tx.query(
    `INSERT INTO ${table} (${key}, ${column}) VALUES ? ON DUPLICATE KEY UPDATE ${column} = ${column} - VALUES(${column})`,
    [ids.map((id) => [id, amounts.get(id)])],
  );
}
