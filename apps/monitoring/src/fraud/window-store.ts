import type { Queryable, Transaction } from '@souk/database';
import type { Currency } from '@souk/money';
import type { AccountEvent } from '../consumer';
import type { FraudWindows } from './detect-alerts';
import {
  EMPTY_WINDOW,
  EVENT_KINDS,
  kindOf,
  toWatchedEvent,
  type EventKind,
  type FraudWindow,
  type WatchedEvent,
} from './window';

interface EventRow {
  account_id: string;
  sequence: number;
  transaction_id: string;
  type: string;
  status: AccountEvent['status'];
  amount: number | string;
  currency: Currency;
  at: Date;
}

/** Reads the windows of accounts. No other replica changes them: events are applied under the lock on the account's progress. */
export async function readWindows(tx: Queryable, accountIds: readonly string[]): Promise<FraudWindows> {
  const rows = await tx.rows<EventRow>(
    `SELECT account_id, sequence, transaction_id, type, status, amount, currency, at
       FROM fraud_event WHERE account_id IN (?) ORDER BY account_id, sequence`,
    [accountIds],
  );
  // Filled in place: copying the window for each event, as `advance` does, would take most of the time of a batch.
  const windows = new Map<string, Record<EventKind, WatchedEvent[]>>();
  for (const row of rows) {
    const window = windows.get(row.account_id) ?? { outgoing: [], incoming: [], refused: [] };
    const event = toEvent(row);
    window[kindOf(event)!].push(event); // events without a kind are not stored
    windows.set(row.account_id, window);
  }
  return windows;
}

/** Inserts the events that windows have gained since they were read, and deletes those they have lost. */
export function writeWindows(tx: Transaction, before: FraudWindows, after: FraudWindows): void {
  const added = [...after].flatMap(([accountId, window]) =>
    missingIn(before.get(accountId), window).map((event) => toRow(accountId, event)),
  );
  if (added.length > 0) {
    tx.defer(
      'INSERT INTO fraud_event (account_id, sequence, transaction_id, type, status, amount, currency, at) VALUES ?',
      [added],
    );
  }
  const removals = [...before].map(([accountId, window]) => ({
    accountId,
    sequences: missingIn(after.get(accountId), window).map(({ sequence }) => sequence),
  }));
  const nonEmptyRemovals = removals.filter(({ sequences }) => sequences.length > 0);
  if (nonEmptyRemovals.length === 0) return;
  // Not a single list of pairs, for which MariaDB would read and lock the whole table.
  tx.defer(
    `DELETE e FROM fraud_event e FORCE INDEX (PRIMARY) WHERE ${nonEmptyRemovals.map(() => '(account_id = ? AND sequence IN (?))').join(' OR ')}`,
    nonEmptyRemovals.flatMap(({ accountId, sequences }) => [accountId, sequences]),
  );
}

/** @returns the events of `window` that are not in `reference` */
function missingIn(reference: FraudWindow = EMPTY_WINDOW, window: FraudWindow): WatchedEvent[] {
  if (reference === window) return [];
  return EVENT_KINDS.flatMap((kind) => {
    const sequences = new Set(reference[kind].map(({ sequence }) => sequence));
    return window[kind].filter(({ sequence }) => !sequences.has(sequence));
  });
}

const toRow = (
  accountId: string,
  { sequence, transactionId, type, status, amount, currency, atMs }: WatchedEvent,
): unknown[] => [accountId, sequence, transactionId, type, status, amount, currency, new Date(atMs)];

const toEvent = ({ sequence, transaction_id, type, status, amount, currency, at }: EventRow): WatchedEvent =>
  toWatchedEvent({
    sequence: Number(sequence),
    transactionId: transaction_id,
    type,
    status,
    amount: BigInt(amount),
    currency,
    at,
  });
