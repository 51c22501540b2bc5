import type { Queryable } from '@souk/database';
import { resolve } from 'node:path';
import type { TestBooks } from './start-test-books';

const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** What this needs from the consumers' own code. Apps don't import each other, so it is loaded by path. */
interface Analytics {
  createAnalytics(): { apply(tx: Queryable, events: readonly AppliedEvent[]): Promise<unknown> };
}

interface Entry {
  account_id: string;
  sequence: number;
  amount: string;
  currency: string;
}

/** An event as the consumers' `toAccountEvents` creates it from a message. */
interface AppliedEvent {
  accountId: string;
  sequence: number;
  transactionId: string;
  type: string;
  status: string;
  reason: string;
  amount: bigint;
  currency: string;
  at: Date;
  isFirst: boolean;
}

/**
 * Does what the consumers do: applies the events of each account that they haven't applied yet, in one transaction with their
 * progress.
 * @param except a transaction whose event they haven't received yet
 */
export async function followLedger(books: TestBooks, except = '') {
  const file = resolve(__dirname, '../../monitoring/src/analytics/analytics.ts');
  const { createAnalytics } = (await import(file)) as Analytics;
  const events = await readWaiting(books, except);
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

async function readWaiting({ run }: TestBooks, except: string): Promise<AppliedEvent[]> {
  const rows = (await run(
    `SELECT n.account_id, n.sequence, e.payload
       FROM wallet.event_entry n
       JOIN wallet.event e ON e.id = n.event_id AND e.transaction_id <> ?
       LEFT JOIN monitoring.progress p ON p.consumer = 'analytics' AND p.account_id = n.account_id
      WHERE n.sequence > COALESCE(p.applied_to, 0)
      ORDER BY n.account_id, n.sequence`,
    [except],
  )) as { account_id: string; sequence: number; payload: unknown }[];
  return rows.map(({ account_id, sequence, payload }) => {
    // MariaDB returns JSON as text.
    const told = (typeof payload === 'string' ? JSON.parse(payload) : payload) as Record<string, string> & {
      entries: Entry[];
    };
    const place = told.entries.findIndex((entry) => entry.account_id === account_id);
    const { amount, currency } = told.entries[place]!;
    return {
      ...{ accountId: account_id, sequence: Number(sequence), transactionId: told['transaction_id']! },
      ...{ type: told['type']!, status: told['status']!, reason: told['reason']! },
      ...{ amount: BigInt(amount.replace('.', '')), currency, at: new Date(told['timestamp']!), isFirst: place === 0 },
    };
  });
}
