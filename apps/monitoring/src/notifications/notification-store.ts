import type { Queryable, Transaction } from '@souk/database';
import type { Currency } from '@souk/money';
import type { PageBounds } from './answer-page';
import { notificationOf, type Notification, type NotifiedEvent } from './notification';

export function insertNotifications(tx: Transaction, events: readonly NotifiedEvent[]): void {
  const values = events.map((event) => [
    event.accountId,
    event.sequence,
    event.transactionId,
    event.type,
    event.status,
    event.reason,
    event.amount,
    event.currency,
    event.at,
    event.orderId,
    event.withdrawalId,
  ]);
  tx.defer(
    `INSERT INTO notification (account_id, sequence, transaction_id, type, status, reason, amount, currency, created_at,
       order_id, withdrawal_id) VALUES ?`,
    [values],
  );
}

export async function deleteNotifications(tx: Queryable): Promise<void> {
  await tx.write('DELETE FROM notification');
}

interface NotificationRow {
  account_id: string;
  sequence: number;
  transaction_id: string;
  type: string;
  status: 'completed' | 'failed';
  reason: string;
  amount: string;
  currency: Currency;
  created_at: Date;
  order_id: string | null;
  withdrawal_id: string | null;
}

/** @returns the notifications of an account before a sequence, newest first */
export async function listNotifications(
  db: Queryable,
  { accountId, before, limit }: PageBounds,
): Promise<Notification[]> {
  const rows = await db.rows<NotificationRow>(
    `SELECT account_id, sequence, transaction_id, type, status, reason, amount, currency, created_at, order_id, withdrawal_id
       FROM notification WHERE account_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
    [accountId, before, limit],
  );
  return rows.map(({ account_id, transaction_id, amount, created_at, order_id, withdrawal_id, ...same }) =>
    notificationOf({
      ...same,
      accountId: account_id,
      transactionId: transaction_id,
      amount: BigInt(amount),
      at: created_at,
      orderId: order_id,
      withdrawalId: withdrawal_id,
    }),
  );
}
