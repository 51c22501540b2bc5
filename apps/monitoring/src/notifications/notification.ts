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
  /** Human-readable text. */
  message: string;
  transactionId: string;
  /** Negative if it left the account or, in a failed transaction, would have left it. */
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

interface Wording {
  incoming(this: void, amount: string): string;
  outgoing(this: void, amount: string): string;
}

/** Messages about completed transactions, by type: to the account that received the money, and to the one that sent it. */
const WORDINGS: ReadonlyMap<string, Partial<Wording>> = new Map([
  ['replenish', { incoming: (amount) => `Your wallet was replenished with ${amount}` }],
  ['credit', { incoming: (amount) => `${amount} was credited to your account` }],
  ['debit', { outgoing: (amount) => `${amount} was debited from your account` }],
  ['deposit', { incoming: (amount) => `You deposited ${amount}` }],
  ['withdrawal', { outgoing: (amount) => `You withdrew ${amount}` }],
  ['transfer', { outgoing: (amount) => `You sent ${amount}` }],
  ['charge', { incoming: (amount) => `You were paid ${amount}`, outgoing: (amount) => `You paid ${amount}` }],
  ['refund', { incoming: (amount) => `You were refunded ${amount}`, outgoing: (amount) => `You refunded ${amount}` }],
] satisfies [string, Partial<Wording>][]);
const DEFAULT_WORDING: Wording = {
  incoming: (amount) => `You received ${amount}`,
  outgoing: (amount) => `${amount} left your account`,
};

/** Types with an account on both sides. When such a transaction fails, it is "yours" only for the account that would have paid. */
const BETWEEN_ACCOUNTS: ReadonlySet<string> = new Set(['transfer', 'charge', 'refund']);

function messageOf({ type, status, reason, amount, currency }: NotifiedEvent): string {
  const isIncoming = amount >= 0n;
  const money = `${formatAmount(isIncoming ? amount : -amount)} ${currency}`;
  if (status === 'completed') {
    const wording = { ...DEFAULT_WORDING, ...WORDINGS.get(type) };
    return isIncoming ? wording.incoming(money) : wording.outgoing(money);
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
