import type { TransactionEvent } from '@souk/contracts';
import { parseAmount, type Currency, type Minor } from '@souk/money';
import type { AccountEvent } from '../consumer';

/** Converts the transaction of a wallet event to one event per account. */
export const toAccountEvents = (transaction: TransactionEvent['data']): AccountEvent[] =>
  transaction.entries.map(({ account_id, sequence, amount, currency }, index) => ({
    accountId: account_id,
    sequence,
    transactionId: transaction.transaction_id,
    type: transaction.type,
    status: transaction.status,
    reason: transaction.reason,
    amount: toMinor(amount),
    currency: currency as Currency,
    at: new Date(transaction.timestamp),
    orderId: transaction.order_id ?? null,
    withdrawalId: transaction.withdrawal_id ?? null,
    isFirst: index === 0,
  }));

function toMinor(amount: string): Minor {
  const isOutgoing = amount.startsWith('-');
  const minor = parseAmount(isOutgoing ? amount.slice(1) : amount);
  if (minor === undefined) throw new Error(`the amount ${amount} of an event is invalid`);
  return isOutgoing ? -minor : minor;
}
