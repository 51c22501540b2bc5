import { createMessage, transactionCompletedEvent, transactionFailedEvent } from '@souk/contracts';
import { formatAmount } from '@souk/money';
import type { Changes } from './decisions/commands';
import { presentPaidFor } from './decisions/paid-for';

type Recorded = Changes['transactions'][number];

/** Creates the one event of a transaction. Its message and its row in table `event` have the same id and the same payload. */
export function transactionEvent(transaction: Recorded, id: string) {
  const { actor, correlationId, reason } = transaction;
  const origin = { id, actor, correlationId, causationId: transaction.id };
  const shared = {
    transaction_id: transaction.id,
    type: transaction.type,
    entries: transaction.entries.map(({ accountId, sequence, amount, currency }) => ({
      account_id: accountId,
      sequence,
      amount: formatAmount(amount),
      currency,
    })),
    timestamp: transaction.createdAt.toISOString(),
    ...presentPaidFor(transaction),
  };
  return reason === ''
    ? createMessage(transactionCompletedEvent, { ...shared, status: 'completed', reason }, origin)
    : createMessage(transactionFailedEvent, { ...shared, status: 'failed', reason }, origin);
}
