import type { Transaction } from '@souk/database';
import type { OutboxEntry } from '@souk/messaging';
import type { Currency, Minor } from '@souk/money';

/** All consumers of the wallet's events. Each has its own queue, tables and progress. */
export const CONSUMER_NAMES = ['fraud-detection', 'notifications', 'analytics'] as const;
export type ConsumerName = (typeof CONSUMER_NAMES)[number];

/** A wallet transaction as one of its accounts sees it. */
export interface AccountEvent {
  accountId: string;
  /** Numbers the events of the account from 1, without gaps. */
  sequence: number;
  transactionId: string;
  type: string;
  status: 'completed' | 'failed';
  /** Why it failed; empty if it completed. */
  reason: string;
  /** Positive if incoming, negative if outgoing. For a failed transaction, the amount that would have moved. */
  amount: Minor;
  currency: Currency;
  /** When the transaction was decided. */
  at: Date;
  /** The order of a charge or of its refund. */
  orderId: string | null;
  /** The cash withdrawal of a charge or of its refund. */
  withdrawalId: string | null;
  /** Whether the account is the first one in the transaction. Counting only these events counts each transaction once. */
  isFirst: boolean;
}

/** Derives data from the wallet's events. `applyEvents` handles order, duplicates and gaps. */
export interface Consumer {
  name: ConsumerName;
  /**
   * Applies events within a transaction. It receives each event exactly once, those of an account in order of sequence and
   * without gaps. A batch may contain events of several accounts, whose progress is independent.
   * @param generation incremented by every rebuild
   * @returns the messages written to the outbox in `tx`, to be relayed after its commit
   */
  apply(tx: Transaction, events: readonly AccountEvent[], generation: number): Promise<readonly OutboxEntry[]>;
  /** Deletes what `apply` derived from events, so that all events can be reapplied. */
  forget(tx: Transaction): Promise<void>;
  /** Starts background work, if the consumer has any. */
  start?(): void;
  stop?(): Promise<void>;
}
