import type { Queryable } from '@souk/database';
import type { OutboxEntry } from '@souk/messaging';
import type { Currency, Minor } from '@souk/money';

/** The consumers of the wallet's events that there are; each has a queue, tables and a progress of its own. */
export const CONSUMER_NAMES = ['fraud-detection', 'notifications', 'analytics'] as const;
export type ConsumerName = (typeof CONSUMER_NAMES)[number];

/** A transaction of the wallet as one of its accounts sees it. */
export interface AccountEvent {
  accountId: string;
  /** Its place among the events of the account: from 1, without gaps. */
  sequence: number;
  transactionId: string;
  type: string;
  status: 'completed' | 'failed';
  /** Why it failed; empty when it did not. */
  reason: string;
  /** What came in; below zero, what went out. Of a failed one, what would have. */
  amount: Minor;
  currency: Currency;
  /** When it was decided. */
  at: Date;
  /** The order of a charge or of its refund. */
  orderId: string | null;
  /** The cash withdrawal of a charge or of its refund. */
  withdrawalId: string | null;
  /** Whether the account is the first one that the transaction names: what counts transactions counts these. */
  isFirst: boolean;
}

/** What is made of the events of the wallet. Order, duplicates and gaps are not its concern: delivery sees to them. */
export interface Consumer {
  name: ConsumerName;
  /**
   * Applies events inside of a transaction: each one exactly once, those of an account in the order of their sequence, with
   * none left out. The events of several accounts come together, and what was applied to one says nothing of another.
   * @returns messages that were written to the outbox in `tx`, for the relay once it is committed
   */
  apply(tx: Queryable, events: readonly AccountEvent[]): Promise<readonly OutboxEntry[]>;
  /** Deletes what `apply` derived from events, so that all of them can be applied anew. */
  forget(tx: Queryable): Promise<void>;
  /** Begins what it does beside `apply`, where there is such a thing. */
  start?(): void;
  stop?(): Promise<void>;
}
