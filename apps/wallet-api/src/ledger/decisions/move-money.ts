import { CURRENCY, type Minor } from '@souk/money';
import type { Changes, MovementAnswer, Origin } from './commands';
import type { Draft } from './draft';
import { BALANCE_MAX, type CashType, type MovementRefusal, type Posting, type Wallet } from './ledger-state';
import { PAID_FOR_NOTHING, type PaidFor } from './paid-for';
import { SYSTEM_ACCOUNTS } from './system-wallets';

/** A movement of money between two users' wallets, or between one and the system wallet of the type. */
export type Movement = { amount: Minor } & (
  | { type: 'charge' | 'refund'; from: Wallet; to: Wallet; paidFor: PaidFor }
  | { type: 'transfer'; from: Wallet; to: Wallet; paidFor?: undefined }
  | { type: CashType; from?: undefined; to: Wallet; paidFor?: undefined }
  | { type: CashType; from: Wallet; to?: undefined; paidFor?: undefined }
);

/**
 * Decides a movement on the draft and records it as a transaction, even if it is refused. The wallets must be the draft's own and
 * must differ.
 */
export function moveMoney(
  draft: Draft,
  { actor, correlationId }: Origin,
  movement: Movement,
): Exclude<MovementAnswer, { id: string }> {
  const reason = refusalOf(movement);
  const common = {
    id: draft.newId(),
    type: movement.type,
    createdAt: draft.now,
    entries: takePlaces(draft, movement),
    ...(movement.paidFor ?? PAID_FOR_NOTHING),
    actor,
    correlationId,
  };
  if (reason) {
    draft.transactions.push({ ...common, status: 'failed', reason, postings: [] });
    return { ok: false, code: reason, transactionId: common.id };
  }
  apply(draft.now, movement);
  const recorded: Changes['transactions'][number] = {
    ...common,
    status: 'completed',
    reason: '',
    postings: postingsOf(draft, movement),
  };
  draft.transactions.push(recorded);
  const { id, type, status, createdAt, postings } = recorded;
  return { ok: true, transaction: { id, type, status, reason: '', createdAt, postings } };
}

/** A refund is never refused: its charge kept room for it in the payer's wallet, and the payee's may fall below zero. */
function refusalOf({ type, from, to, amount }: Movement): MovementRefusal | undefined {
  if (type === 'refund') return undefined;
  if (from && from.amount < amount) return 'INSUFFICIENT_FUNDS';
  if (to && to.amount + to.refundableIn + amount > BALANCE_MAX) return 'BALANCE_LIMIT';
  if (type === 'charge' && to.refundableOut + amount > BALANCE_MAX) return 'BALANCE_LIMIT';
  return undefined;
}

/** Assigns the transaction its number within each of its accounts. */
function takePlaces(draft: Draft, { from, to, amount }: Movement) {
  const take = (wallet: Wallet | undefined, signed: Minor) => {
    if (!wallet) return [];
    wallet.sequence += 1;
    draft.touched.add(wallet.id);
    const { id: walletId, accountId, sequence, currency } = wallet;
    return [{ accountId, walletId, sequence, amount: signed, currency }];
  };
  return [...take(from, -amount), ...take(to, amount)];
}

function apply(now: Date, { type, from, to, amount }: Movement): void {
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

function postingsOf(draft: Draft, movement: Movement): Posting[] {
  const { from, to, amount } = movement;
  const posting = (wallet: Wallet | undefined, signed: Minor): Posting => ({
    id: draft.newId(),
    walletId: wallet?.id ?? SYSTEM_ACCOUNTS[movement.type as CashType].walletId,
    amount: signed,
    currency: CURRENCY,
    balanceAfter: wallet?.amount ?? null,
  });
  return [posting(from, -amount), posting(to, amount)];
}
