import type { PoolConnection } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { inTransaction, type FloorEngines } from '../floor-process';
import { insertNew } from '../insert-new';
import { totalOf } from './carts';
import { serve, type Order } from './rpc';
import { take } from './take';

const MERCHANT = 'merchant';

export const startWallet = ({ db }: FloorEngines): Promise<number> =>
  serve({ charge: (orders) => inTransaction(db, (tx) => charge(tx, orders)) });

async function charge(tx: PoolConnection, orders: readonly Order[]): Promise<void> {
  const charges = orders.map(({ orderID, clientID, items }) => ({
    ...{ orderID, clientID, total: totalOf(items) },
    transactionId: randomUUID(),
  }));
  await insertNew(
    tx,
    'payment (order_id, state, amount, transaction_id)',
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
