import { createMessage, type Envelope } from '@souk/contracts';
import { formatAmount } from '@souk/money';
import type { Changes } from './commands';
import { TRANSACTION_EVENTS, type TransactionPayload } from './transaction-messages';

export interface TransactionEvent {
  message: Envelope<string, TransactionPayload>;
  transaction: Changes['transactions'][number];
}

/** Makes the one event of a transaction. Its message and its row in table `event` have the same id. */
export function transactionEvent(transaction: Changes['transactions'][number], id: string): TransactionEvent {
  const { status, createdAt, actor, correlationId } = transaction;
  const payload: TransactionPayload = {
    transaction_id: transaction.id,
    type: transaction.type,
    status,
    reason: transaction.reason,
    entries: transaction.entries.map(({ accountId, sequence, amount, currency }) => ({
      account_id: accountId,
      sequence,
      amount: formatAmount(amount),
      currency,
    })),
    timestamp: createdAt.toISOString(),
  };
  const origin = { id, actor, correlationId, causationId: transaction.id };
  return { message: createMessage(TRANSACTION_EVENTS[status], payload, origin), transaction };
}
