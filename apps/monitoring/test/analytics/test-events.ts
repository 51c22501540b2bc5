import type { TransactionType } from '@souk/contracts';
import type { AccountEvent } from '../../src/consumer';

/** A transaction between accounts. Its first account is `from`, or `to` if there is no `from`. */
export interface TestTransaction {
  type: TransactionType;
  /** Empty if it completed. */
  reason: string;
  /** Payer and payee; undefined for the outside world. */
  accounts: { from?: string | undefined; to?: string | undefined };
  amount: bigint;
  at: Date;
}

/** @returns the events of the transactions by account, in order of sequence */
export function eventsOf(transactions: readonly TestTransaction[]): Map<string, AccountEvent[]> {
  const events = new Map<string, AccountEvent[]>();
  transactions.forEach(({ type, reason, accounts: { from, to }, amount, at }, index) => {
    const sides = [
      { accountId: from, amount: -amount },
      { accountId: to, amount },
    ].flatMap(({ accountId, ...side }) => (accountId === undefined ? [] : [{ accountId, ...side }]));
    sides.forEach((side, sideIndex) => {
      const accountEvents = events.get(side.accountId) ?? [];
      events.set(side.accountId, accountEvents);
      accountEvents.push({
        ...side,
        sequence: accountEvents.length + 1,
        transactionId: `transaction-${index}`,
        type,
        status: reason === '' ? 'completed' : 'failed',
        reason,
        currency: 'USD',
        at,
        orderId: null,
        withdrawalId: null,
        isFirst: sideIndex === 0,
      });
    });
  });
  return events;
}
