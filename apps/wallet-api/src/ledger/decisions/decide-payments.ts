import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { CommandOf, PaymentAnswer } from './commands';
import type { Draft } from './draft';
import type { AskedPayment, DeclineReason, Payer, Payment, Wallet } from './ledger-state';
import { moveMoney } from './move-money';
import { paidFor } from './paid-for';

/** Charges a new payment. For a known one, returns its state, or a mismatch if the charge differs. */
export function charge(draft: Draft, command: CommandOf<'charge'>): PaymentAnswer {
  const { paymentId, payer: named, payeeReference, amount, currency, actor } = command;
  const asked: AskedPayment = { payer: named, payeeReference, amount, currency };
  const known = draft.payments.get(paymentId);
  if (known) return isAskedAgain(known, asked) ? told(known) : { state: 'invalid', reason: 'PAYMENT_MISMATCH' };

  const payee = walletOf(draft, { reference: payeeReference });
  // A refund must not overdraw a customer's wallet, so only a merchant can be paid. Nothing is stored: a wrong setting of the
  // shop's reference must not decline its customers' payments permanently.
  if (!payee?.mayOverdraw) return { state: 'invalid', reason: 'PAYEE_NOT_FOUND' };

  const payment = { paymentId, asked, actor, chargeId: null, refundId: null, cancelledBy: null, moved: null };
  const declined = (reason: DeclineReason, chargeId: string | null = null): Payment => ({
    ...payment,
    state: 'declined',
    reason,
    chargeId,
  });
  const payer = walletOf(draft, named);
  if (!payer) return keep(draft, declined('NO_WALLET'));
  if (payer.id === payee.id) return keep(draft, declined('SAME_WALLET'));
  const movement = { from: payer, to: payee, amount, paidFor: paidFor(paymentId, named) };
  const moved = moveMoney(draft, command, { type: 'charge', ...movement });
  if (!moved.ok) return keep(draft, declined(moved.code, moved.transactionId));
  return keep(draft, {
    ...payment,
    state: 'charged',
    reason: '',
    moved: { payerWalletId: payer.id, payeeWalletId: payee.id },
    chargeId: moved.transaction.id,
  });
}

/** Ends a payment permanently: refunds its charge, or blocks a charge that hasn't arrived yet. */
export function cancel(draft: Draft, command: CommandOf<'cancel'>): PaymentAnswer {
  const { paymentId, actor } = command;
  const known = draft.payments.get(paymentId);
  if (!known) {
    const tombstone = { asked: null, moved: null, chargeId: null, refundId: null } as const;
    return keep(draft, { paymentId, state: 'cancelled', reason: '', ...tombstone, actor, cancelledBy: actor });
  }
  if (known.state !== 'charged') return told(known);
  assert(known.asked && known.moved, `payment ${paymentId} was charged without a movement`);
  const [from, to] = [draft.wallets.get(known.moved.payeeWalletId), draft.wallets.get(known.moved.payerWalletId)];
  assert(from && to, `the wallets of payment ${paymentId} are not locked`);
  const movement = { from, to, amount: known.asked.amount, paidFor: paidFor(paymentId, known.asked.payer) };
  const refund = moveMoney(draft, command, { type: 'refund', ...movement });
  assert(refund.ok, 'a refund was refused');
  return keep(draft, { ...known, state: 'refunded', refundId: refund.transaction.id, cancelledBy: actor });
}

/** Every charge matches a tombstone, which blocks it. */
const isAskedAgain = (known: Payment, asked: AskedPayment): boolean =>
  known.asked === null || isDeepStrictEqual(known.asked, asked);

function keep(draft: Draft, payment: Payment): PaymentAnswer {
  draft.payments.set(payment.paymentId, payment);
  draft.touchedPayments.add(payment.paymentId);
  return told(payment);
}

const told = ({ state, reason }: Payment): PaymentAnswer => ({ state, reason });

function walletOf(draft: Draft, named: Payer): Wallet | undefined {
  const walletId =
    'accountId' in named ? draft.walletOfAccount.get(named.accountId) : draft.walletOfReference.get(named.reference);
  return walletId === undefined ? undefined : draft.wallets.get(walletId);
}
