import type { Database } from '@souk/database';
import type { Origin, PaymentAnswer } from '../ledger/decisions/commands';
import type { PaymentTerms } from '../ledger/decisions/ledger-state';
import type { Lane } from '../ledger/lane';
import { readPayments } from '../ledger/ledger-store';

/** A charge of an amount above 0. */
export interface ChargeCommand extends Origin, PaymentTerms {
  paymentId: string;
}

/**
 * Charges payments in order and decides each one independently. An existing payment keeps its state and isn't charged again.
 * @returns for each one: `charged`; `declined`, which is final, with its reason (INSUFFICIENT_FUNDS, NO_WALLET, SAME_WALLET,
 * BALANCE_LIMIT); `cancelled` or `refunded`; or `invalid`, with nothing done (PAYMENT_MISMATCH: known with another payer, payee
 * or amount; PAYEE_NOT_FOUND: no merchant has that reference)
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const chargePayments = (lane: Lane, charges: readonly ChargeCommand[]): Promise<PaymentAnswer[]> =>
  lane.submit<'charge'>(charges.map((charge) => ({ kind: 'charge', ...charge })));

/**
 * Ends payments permanently: blocks those not charged yet and refunds the charged ones. A declined payment stays declined.
 * @returns `cancelled`, `refunded` or `declined` for each one
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const cancelPayments = (lane: Lane, paymentIds: readonly string[], origin: Origin): Promise<PaymentAnswer[]> =>
  lane.submit<'cancel'>(paymentIds.map((paymentId) => ({ kind: 'cancel', paymentId, ...origin })));

type RecordedPayment = Exclude<PaymentAnswer, { state: 'invalid' }>;

/**
 * Looks up payments.
 * @returns the state of each one; `undefined` if the id is unknown
 * @throws AppError `unavailable`
 */
export async function getPayments(
  db: Database,
  paymentIds: readonly string[],
): Promise<(RecordedPayment | undefined)[]> {
  const payments = await readPayments(db, [...new Set(paymentIds)]);
  return paymentIds.map((paymentId) => {
    const payment = payments.get(paymentId);
    return payment && { state: payment.state, reason: payment.reason };
  });
}
