import type { TransactionEvent } from '@souk/contracts';
import type { LedgerEvent } from '@souk/grpc';
import { parseAmount, type Currency, type Minor } from '@souk/money';
import type { AccountEvent } from '../consumer';

/** A transaction as a message carries it. */
type Told = TransactionEvent['data'];

/** Converts the transaction of a message to one event per account. */
export function toAccountEvents({ transaction_id, type, status, reason, entries, ...data }: Told): AccountEvent[] {
  return entries.map(({ account_id, sequence, amount, currency }, index) => ({
    ...{ accountId: account_id, sequence, transactionId: transaction_id, type, status, reason },
    amount: toMinor(amount),
    currency: currency as Currency,
    at: new Date(data.timestamp),
    orderId: data.order_id ?? null,
    withdrawalId: data.withdrawal_id ?? null,
    isFirst: index === 0,
  }));
}

/** Does the same for an event fetched from the wallet. */
export function ofLedgerEvent({ transactionId, transactionType, status, ...event }: LedgerEvent): AccountEvent[] {
  return event.entries.map(({ amount, currency, ...entry }, index) => ({
    ...{ ...entry, transactionId, type: transactionType, reason: event.reason },
    status: status as AccountEvent['status'],
    amount: toMinor(amount),
    currency: currency as Currency,
    at: new Date(event.timestamp),
    orderId: event.orderId || null,
    withdrawalId: event.withdrawalId || null,
    isFirst: index === 0,
  }));
}

function toMinor(amount: string): Minor {
  const isOut = amount.startsWith('-');
  const minor = parseAmount(isOut ? amount.slice(1) : amount);
  if (minor === undefined) throw new Error(`an event with the amount ${amount}`);
  return isOut ? -minor : minor;
}
