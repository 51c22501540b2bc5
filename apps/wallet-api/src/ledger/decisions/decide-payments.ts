import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { CommandOf, PaymentAnswer } from './commands';
import type { Draft } from './draft';
import type { DeclineReason, Payer, Payment, PaymentTerms, Wallet } from './ledger-state';
import { purposeOf } from './payment-purpose';
import { postTransaction } from './post-transaction';

/** Charges a new payment. For an existing one, returns its state, or a mismatch if the terms differ. */
export function charge(draft: Draft, command: CommandOf<'charge'>): PaymentAnswer {
  const { paymentId, payer, payeeReference, amount, currency, actor } = command;
  const terms: PaymentTerms = { payer, payeeReference, amount, currency };
  const existing = draft.payments.get(paymentId);
  if (existing) return isRepeat(existing, terms) ? stateOf(existing) : { state: 'invalid', reason: 'PAYMENT_MISMATCH' };

  const payeeWallet = walletOf(draft, { reference: payeeReference });
  // A refund must not overdraw a customer's wallet, so only a merchant can be paid. Nothing is stored, so that a wrong reference
  // in the shop's settings doesn't decline its customers' payments permanently.
  if (!payeeWallet?.mayOverdraw) return { state: 'invalid', reason: 'PAYEE_NOT_FOUND' };

  const payment = { paymentId, terms, actor, chargeId: null, refundId: null, cancelledBy: null, wallets: null };
  const declined = (reason: DeclineReason, chargeId: string | null = null): Payment => ({
    ...payment,
    state: 'declined',
    reason,
    chargeId,
  });
  const payerWallet = walletOf(draft, payer);
  if (!payerWallet) return save(draft, declined('NO_WALLET'));
  if (payerWallet.id === payeeWallet.id) return save(draft, declined('SAME_WALLET'));
  const result = postTransaction(draft, command, {
    type: 'charge',
    from: payerWallet,
    to: payeeWallet,
    amount,
    purpose: purposeOf(paymentId, payer),
  });
  if (!result.ok) return save(draft, declined(result.code, result.transactionId));
  return save(draft, {
    ...payment,
    state: 'charged',
    reason: '',
    wallets: { payerWalletId: payerWallet.id, payeeWalletId: payeeWallet.id },
    chargeId: result.transaction.id,
  });
}

/** Ends a payment permanently: refunds its charge, or blocks a charge that hasn't arrived yet. */
export function cancel(draft: Draft, command: CommandOf<'cancel'>): PaymentAnswer {
  const { paymentId, actor } = command;
  const payment = draft.payments.get(paymentId);
  if (!payment) {
    const tombstone = { terms: null, wallets: null, chargeId: null, refundId: null } as const;
    return save(draft, { paymentId, state: 'cancelled', reason: '', ...tombstone, actor, cancelledBy: actor });
  }
  if (payment.state !== 'charged') return stateOf(payment);
  const { terms, wallets } = payment;
  assert(terms && wallets, `payment ${paymentId} is charged but has no terms or no wallets`);
  const [from, to] = [draft.wallets.get(wallets.payeeWalletId), draft.wallets.get(wallets.payerWalletId)];
  assert(from && to, `the wallets of payment ${paymentId} are not locked`);
  const refund = postTransaction(draft, command, {
    type: 'refund',
    from,
    to,
    amount: terms.amount,
    purpose: purposeOf(paymentId, terms.payer),
  });
  assert(refund.ok, 'a refund was refused');
  return save(draft, { ...payment, state: 'refunded', refundId: refund.transaction.id, cancelledBy: actor });
}

/** Every charge matches a tombstone, which blocks it. */
const isRepeat = (existing: Payment, terms: PaymentTerms): boolean =>
  existing.terms === null || isDeepStrictEqual(existing.terms, terms);

function save(draft: Draft, payment: Payment): PaymentAnswer {
  draft.payments.set(payment.paymentId, payment);
  draft.changedPaymentIds.add(payment.paymentId);
  return stateOf(payment);
}

const stateOf = ({ state, reason }: Payment): PaymentAnswer => ({ state, reason });

function walletOf(draft: Draft, payer: Payer): Wallet | undefined {
  const walletId =
    'accountId' in payer ? draft.walletOfAccount.get(payer.accountId) : draft.walletOfReference.get(payer.reference);
  return walletId === undefined ? undefined : draft.wallets.get(walletId);
}
