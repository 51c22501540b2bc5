import type { Database } from '@souk/database';
import type { Origin, PaymentAnswer } from './ledger/commands';
import type { Lane } from './ledger/lane';
import type { AskedPayment } from './ledger/ledger-state';
import { readPayments } from './ledger/lock-store';

/** Its amount is more than 0. */
export interface ChargeCommand extends Origin, AskedPayment {
  paymentId: string;
}

/**
 * Charges payments, each decided on its own, in their order. A payment that is known is told as it is and never tried again.
 * @returns for each `charged`; or `declined` with its reason (INSUFFICIENT_FUNDS, NO_WALLET, SAME_WALLET, BALANCE_LIMIT),
 * final; `cancelled` or `refunded`; or `invalid` (PAYMENT_MISMATCH: known with another payer, payee or amount;
 * PAYEE_NOT_FOUND: no merchant has that reference), and then nothing was done
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const chargePayments = (lane: Lane, charges: readonly ChargeCommand[]): Promise<PaymentAnswer[]> =>
  lane.submit<'charge'>(charges.map((charge) => ({ kind: 'charge', ...charge })));

/**
 * Ends payments for ever: forbids those not charged yet, refunds those that are. One that was declined stays so.
 * @returns for each `cancelled`, `refunded` or `declined`
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const cancelPayments = (lane: Lane, paymentIds: readonly string[], origin: Origin): Promise<PaymentAnswer[]> =>
  lane.submit<'cancel'>(paymentIds.map((paymentId) => ({ kind: 'cancel', paymentId, ...origin })));

type KnownPayment = Exclude<PaymentAnswer, { state: 'invalid' }>;

/**
 * Looks payments up.
 * @returns what became of each; `undefined` where nobody asked for such a payment
 * @throws AppError `unavailable`
 */
export async function getPayments(db: Database, paymentIds: readonly string[]): Promise<(KnownPayment | undefined)[]> {
  const known = await readPayments(db, [...new Set(paymentIds)]);
  return paymentIds.map((paymentId) => {
    const payment = known.get(paymentId);
    return payment && { state: payment.state, reason: payment.reason };
  });
}
