import { createMessage, transactionCompletedEvent, transactionFailedEvent } from '@souk/contracts';
import { formatAmount } from '@souk/money';
import type { RecordedTransaction } from '../ledger/decisions/commands';
import { presentPurpose } from '../ledger/decisions/payment-purpose';

/** Creates the one event of a transaction. Its message and its row in table `event` have the same id and the same payload. */
export function transactionEvent(transaction: RecordedTransaction, id: string) {
  const { actor, correlationId, reason } = transaction;
  const origin = { id, actor, correlationId, causationId: transaction.id };
  const sharedFields = {
    transaction_id: transaction.id,
    type: transaction.type,
    entries: transaction.entries.map(({ accountId, sequence, amount, currency }) => ({
      account_id: accountId,
      sequence,
      amount: formatAmount(amount),
      currency,
    })),
    timestamp: transaction.createdAt.toISOString(),
    ...presentPurpose(transaction),
  };
  return reason === ''
    ? createMessage(transactionCompletedEvent, { ...sharedFields, status: 'completed', reason }, origin)
    : createMessage(transactionFailedEvent, { ...sharedFields, status: 'failed', reason }, origin);
}
