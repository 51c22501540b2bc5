import { formatAmount, type Currency, type Minor } from '@souk/money';
import { uuidNamedBy } from '@souk/service';
import type { AccountEvent } from '../consumer';

/** The event that a notification is made from. */
export type NotifiedEvent = Omit<AccountEvent, 'isFirst'>;

/** A message to an account about a transaction. */
export interface Notification {
  id: string;
  accountId: string;
  sequence: number;
  /** Type and status of the transaction, such as `deposit.completed`. */
  kind: string;
  /** Human-readable. */
  message: string;
  transactionId: string;
  /** Signed: negative if it left the account, or would have. */
  amount: Minor;
  currency: Currency;
  /** When the transaction was decided. */
  createdAt: Date;
  /** The order of a charge or of its refund. */
  orderId: string | null;
  /** The cash withdrawal of a charge or of its refund. */
  withdrawalId: string | null;
}

/** Makes the notification of an event from the event alone, so that a rebuild gives the same one. */
export const notificationOf = (event: NotifiedEvent): Notification => ({
  id: notificationId(event),
  accountId: event.accountId,
  sequence: event.sequence,
  kind: `${event.type}.${event.status}`,
  message: messageOf(event),
  transactionId: event.transactionId,
  amount: event.amount,
  currency: event.currency,
  createdAt: event.at,
  orderId: event.orderId,
  withdrawalId: event.withdrawalId,
});

/** The same event always gives the same id. */
export const notificationId = ({ accountId, sequence }: Pick<NotifiedEvent, 'accountId' | 'sequence'>): string =>
  uuidNamedBy(`souk:notification:${accountId}:${sequence}`);

interface Words {
  came(this: void, amount: string): string;
  left(this: void, amount: string): string;
}

/** Messages about completed transactions, by type: to the account that the money came to, and to the one that it left. */
const MOVED: ReadonlyMap<string, Partial<Words>> = new Map([
  ['replenish', { came: (amount) => `Your wallet was replenished with ${amount}` }],
  ['credit', { came: (amount) => `${amount} was credited to your account` }],
  ['debit', { left: (amount) => `${amount} was debited from your account` }],
  ['deposit', { came: (amount) => `You deposited ${amount}` }],
  ['withdrawal', { left: (amount) => `You withdrew ${amount}` }],
  ['transfer', { left: (amount) => `You sent ${amount}` }],
  ['charge', { came: (amount) => `You were paid ${amount}`, left: (amount) => `You paid ${amount}` }],
  ['refund', { came: (amount) => `You were refunded ${amount}`, left: (amount) => `You refunded ${amount}` }],
] satisfies [string, Partial<Words>][]);
const OF_ANY_TYPE: Words = {
  came: (amount) => `You received ${amount}`,
  left: (amount) => `${amount} left your account`,
};

/** Types with an account on both sides: a failed transaction is "yours" only to the one that would have paid. */
const BETWEEN_ACCOUNTS: ReadonlySet<string> = new Set(['transfer', 'charge', 'refund']);

function messageOf({ type, status, reason, amount, currency }: NotifiedEvent): string {
  const isIncoming = amount >= 0n;
  const money = `${formatAmount(isIncoming ? amount : -amount)} ${currency}`;
  if (status === 'completed') {
    const words = { ...OF_ANY_TYPE, ...MOVED.get(type) };
    return isIncoming ? words.came(money) : words.left(money);
  }
  return isIncoming && BETWEEN_ACCOUNTS.has(type)
    ? `A ${type} of ${money} to you was refused: ${reason}`
    : `Your ${type} of ${money} was refused: ${reason}`;
}

/** A notification as clients and webhook receivers see it. */
export const presentNotification = (notification: Notification) => ({
  id: notification.id,
  account_id: notification.accountId,
  sequence: notification.sequence,
  kind: notification.kind,
  message: notification.message,
  transaction_id: notification.transactionId,
  amount: formatAmount(notification.amount),
  currency: notification.currency,
  created_at: notification.createdAt.toISOString(),
  ...(notification.orderId === null ? {} : { order_id: notification.orderId }),
  ...(notification.withdrawalId === null ? {} : { withdrawal_id: notification.withdrawalId }),
});
