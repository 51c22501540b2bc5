/* Deposits into wallets, with an event for each. */
import express, { type Response } from 'express';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { createBatcher } from './batcher';
import { inTransaction, runFloor, type FloorEngines } from './floor-process';
import { listen } from './listen';
import { consumeBatches, openOutbox } from './messages';
import { FLOOR_QUEUES } from './queues';

const SYSTEM_WALLET = 'system';

interface Deposit {
  id: string;
  walletId: string;
  /** Minor units. */
  amount: number;
}

async function startApi({ db, broker }: FloorEngines): Promise<number> {
  const relay = await openOutbox(db, broker, FLOOR_QUEUES.transactions);
  const submit = createBatcher<{ deposit: Deposit; response: Response }>('deposits', async (batch) => {
    const deposits = batch.map(({ deposit }) => deposit);
    await inTransaction(db, (tx) => apply(tx, deposits));
    for (const { deposit, response } of batch) response.json({ ...deposit, status: 'SUCCESS' });
    for (const deposit of deposits) relay({ id: deposit.id, payload: JSON.stringify(deposit) });
  });
  const app = express().use(express.json());
  app.post('/api/v1/wallets/:walletId/operation', (request, response) => {
    const { amount } = request.body as { amount: string };
    const deposit = { id: randomUUID(), walletId: request.params.walletId, amount: Math.round(Number(amount) * 100) };
    submit({ deposit, response });
  });
  return listen(app);
}

/** Only empties the queue. */
const startWorker = ({ broker }: FloorEngines) =>
  consumeBatches(broker, FLOOR_QUEUES.transactions, () => Promise.resolve());

async function apply(tx: PoolConnection, deposits: readonly Deposit[]): Promise<void> {
  const [wallets] = await tx.query<(RowDataPacket & { id: string; amount: number; sequence: number })[]>(
    'SELECT wallet_id AS id, amount, sequence FROM wallet WHERE wallet_id IN (?) ORDER BY wallet_id FOR UPDATE',
    [[...new Set(deposits.map(({ walletId }) => walletId))].sort()],
  );
  const byId = new Map(wallets.map((wallet) => [wallet.id, wallet]));
  const postings = deposits.flatMap(({ id, walletId, amount }) => {
    const wallet = byId.get(walletId)!;
    wallet.amount += amount;
    wallet.sequence++;
    return [
      [randomUUID(), id, walletId, amount, wallet.amount, wallet.sequence],
      [randomUUID(), id, SYSTEM_WALLET, -amount, null, null],
    ];
  });
  await tx.query(
    `INSERT INTO wallet (wallet_id, amount, sequence) VALUES ?
     ON DUPLICATE KEY UPDATE amount = VALUES(amount), sequence = VALUES(sequence)`,
    [wallets.map(({ id, amount, sequence }) => [id, amount, sequence])],
  );
  await tx.query('INSERT INTO transaction_row (id, type, created_at) VALUES ?', [
    deposits.map(({ id }) => [id, 'deposit', new Date()]),
  ]);
  await tx.query('INSERT INTO posting (id, transaction_id, wallet_id, amount, balance_after, sequence) VALUES ?', [
    postings,
  ]);
  await tx.query('INSERT INTO outbox (id, payload) VALUES ?', [
    deposits.map((deposit) => [deposit.id, JSON.stringify(deposit)]),
  ]);
}

runFloor({ api: startApi, worker: startWorker });
