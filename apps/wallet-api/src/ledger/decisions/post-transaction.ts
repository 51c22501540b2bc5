import { CURRENCY, type Minor } from '@souk/money';
import type { Origin, RecordedTransaction, TransactionAnswer } from './commands';
import type { Draft } from './draft';
import {
  BALANCE_MAX,
  type Entry,
  type ExternalType,
  type FailureReason,
  type Posting,
  type Wallet,
} from './ledger-state';
import { NO_PURPOSE, type PaymentPurpose } from './payment-purpose';
import { SYSTEM_ACCOUNTS } from './system-accounts';

/** A transaction between two users' wallets, or between one and the system wallet of its type. */
type NewTransaction = { amount: Minor } & (
  | { type: 'charge' | 'refund'; from: Wallet; to: Wallet; purpose: PaymentPurpose }
  | { type: 'transfer'; from: Wallet; to: Wallet; purpose?: undefined }
  | { type: ExternalType; from?: undefined; to: Wallet; purpose?: undefined }
  | { type: ExternalType; from: Wallet; to?: undefined; purpose?: undefined }
);

/**
 * Posts a transaction to the draft, or records it as failed if it is refused. The wallets must be the draft's own and must
 * differ.
 */
export function postTransaction(
  draft: Draft,
  { actor, correlationId }: Origin,
  transaction: NewTransaction,
): Exclude<TransactionAnswer, { id: string }> {
  const reason = failureOf(transaction);
  const commonFields = {
    id: draft.newId(),
    type: transaction.type,
    createdAt: draft.now,
    entries: addEntries(draft, transaction),
    ...(transaction.purpose ?? NO_PURPOSE),
    actor,
    correlationId,
  };
  if (reason) {
    draft.transactions.push({ ...commonFields, status: 'failed', reason, postings: [] });
    return { ok: false, code: reason, transactionId: commonFields.id };
  }
  moveAmount(draft.now, transaction);
  const recorded: RecordedTransaction = {
    ...commonFields,
    status: 'completed',
    reason: '',
    postings: postingsOf(draft, transaction),
  };
  draft.transactions.push(recorded);
  const { id, type, status, createdAt, postings } = recorded;
  return { ok: true, transaction: { id, type, status, reason: '', createdAt, postings } };
}

/** A refund never fails: its charge kept room for it in the payer's wallet, and the payee's may fall below zero. */
function failureOf({ type, from, to, amount }: NewTransaction): FailureReason | undefined {
  if (type === 'refund') return undefined;
  if (from && from.amount < amount) return 'INSUFFICIENT_FUNDS';
  if (to && to.amount + to.refundableIn + amount > BALANCE_MAX) return 'BALANCE_LIMIT';
  if (type === 'charge' && to.refundableOut + amount > BALANCE_MAX) return 'BALANCE_LIMIT';
  return undefined;
}

/** Gives the transaction the next sequence number of each of its accounts. */
function addEntries(draft: Draft, { from, to, amount }: NewTransaction): Entry[] {
  const addEntry = (wallet: Wallet | undefined, signedAmount: Minor): Entry[] => {
    if (!wallet) return [];
    wallet.sequence += 1;
    draft.changedWalletIds.add(wallet.id);
    const { id: walletId, accountId, sequence, currency } = wallet;
    return [{ accountId, walletId, sequence, amount: signedAmount, currency }];
  };
  return [...addEntry(from, -amount), ...addEntry(to, amount)];
}

function moveAmount(now: Date, { type, from, to, amount }: NewTransaction): void {
  if (from) {
    from.amount -= amount;
    from.updatedAt = now;
    if (type === 'charge') from.refundableIn += amount;
    if (type === 'refund') from.refundableOut -= amount;
  }
  if (to) {
    to.amount += amount;
    to.updatedAt = now;
    if (type === 'charge') to.refundableOut += amount;
    if (type === 'refund') to.refundableIn -= amount;
  }
}

function postingsOf(draft: Draft, { type, from, to, amount }: NewTransaction): Posting[] {
  const posting = (wallet: Wallet | undefined, signedAmount: Minor): Posting => ({
    id: draft.newId(),
    walletId: wallet?.id ?? SYSTEM_ACCOUNTS[type as ExternalType].walletId,
    amount: signedAmount,
    currency: CURRENCY,
    balanceAfter: wallet?.amount ?? null,
  });
  return [posting(from, -amount), posting(to, amount)];
}
