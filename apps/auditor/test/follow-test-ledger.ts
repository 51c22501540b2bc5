import type { Queryable } from '@souk/database';
import { resolve } from 'node:path';
import type { TestBooks } from './start-test-books';

const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** The functions that this file needs from the consumers. Apps don't import each other, so their code is loaded by path. */
interface Analytics {
  createAnalytics(): { apply(tx: Queryable, events: readonly AccountEvent[]): Promise<unknown> };
}
interface Ingestion {
  toAccountEvents(transaction: unknown): AccountEvent[];
}
interface AccountEvent {
  accountId: string;
  sequence: number;
  transactionId: string;
  type: string;
  status: string;
  reason: string;
  amount: bigint;
  currency: string;
  at: Date;
}

const loadMonitoring = <Module>(path: string) =>
  import(resolve(__dirname, '../../monitoring/src', path)) as Promise<Module>;

/**
 * Does what the consumers do: applies the events of each account that they haven't applied yet, in one transaction with their
 * progress.
 * @param excludedTransaction a transaction whose event they haven't received yet
 */
export async function followLedger(books: TestBooks, excludedTransaction = '') {
  const { createAnalytics } = await loadMonitoring<Analytics>('analytics/analytics.ts');
  const events = await readUnapplied(books, excludedTransaction);
  if (events.length === 0) return;
  await books.monitoring.transaction(async (tx) => {
    await createAnalytics().apply(tx, events);
    await tx.write('INSERT INTO notification VALUES ?', [
      events.map(({ accountId, sequence, transactionId, type, status, reason, amount, currency, at }) => [
        ...[accountId, sequence, transactionId, type, status, reason, amount, currency, at],
      ]),
    ]);
    await tx.upsert(
      'progress (consumer, account_id, applied_to)',
      CONSUMERS.flatMap((consumer) => events.map(({ accountId, sequence }) => [consumer, accountId, sequence])),
      (incoming) => `applied_to = GREATEST(progress.applied_to, ${incoming('applied_to')})`,
    );
  });
}

async function readUnapplied({ run }: TestBooks, excludedTransaction: string): Promise<AccountEvent[]> {
  const { toAccountEvents } = await loadMonitoring<Ingestion>('ingestion/account-events.ts');
  const rows = (await run(
    `SELECT n.account_id, e.payload
       FROM wallet.event_entry n
       JOIN wallet.event e ON e.id = n.event_id AND e.transaction_id <> ?
       LEFT JOIN monitoring.progress p ON p.consumer = 'analytics' AND p.account_id = n.account_id
      WHERE n.sequence > COALESCE(p.applied_to, 0)
      ORDER BY n.account_id, n.sequence`,
    [excludedTransaction],
  )) as { account_id: string; payload: unknown }[];
  return rows.flatMap(({ account_id, payload }) => {
    // MariaDB returns JSON as text.
    const transaction: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
    return toAccountEvents(transaction).filter(({ accountId }) => accountId === account_id);
  });
}
