import type { TransactionType } from '@souk/contracts';
import type { AccountEvent } from '../consumer';

/** A transaction between accounts, the first of which it names first. */
export interface TestTransaction {
  type: TransactionType;
  /** Empty for a completed one. */
  reason: string;
  /** Who is paid, and who pays; one of them may be the system. */
  accounts: { from?: string | undefined; to?: string | undefined };
  amount: bigint;
  at: Date;
}

/** @returns the events of transactions as their accounts see them, those of an account in the order of their sequence */
export function eventsOf(transactions: readonly TestTransaction[]): Map<string, AccountEvent[]> {
  const events = new Map<string, AccountEvent[]>();
  transactions.forEach(({ type, reason, accounts: { from, to }, amount, at }, index) => {
    const sides = [
      { accountId: from, amount: -amount },
      { accountId: to, amount },
    ].flatMap(({ accountId, ...side }) => (accountId === undefined ? [] : [{ accountId, ...side }]));
    sides.forEach((side, place) => {
      const own = events.get(side.accountId) ?? [];
      events.set(side.accountId, own);
      own.push({
        ...side,
        sequence: own.length + 1,
        transactionId: `transaction-${index}`,
        type,
        status: reason === '' ? 'completed' : 'failed',
        reason,
        currency: 'USD',
        at,
        orderId: null,
        withdrawalId: null,
        isFirst: place === 0,
      });
    });
  });
  return events;
}
