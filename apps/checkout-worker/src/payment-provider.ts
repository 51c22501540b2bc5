/** A charge asked for. The id names it for ever: asking again is asking about the same charge. */
export interface Charge {
  paymentID: string;
  payer: string;
  /** Minor units, more than 0. */
  amount: bigint;
  currency: string;
  /** Who asked for the order. */
  actor: string;
}

/** A refused payment with the provider's code for the reason, such as `INSUFFICIENT_FUNDS`. */
export interface Declined {
  state: 'declined';
  reason: string;
}

/**
 * What became of a payment. `declined`, `cancelled` and `refunded` are final; `charged` may still be refunded by a
 * cancellation; `none`: no such payment was ever asked for.
 */
export type PaymentState = 'none' | 'charged' | Declined | 'cancelled' | 'refunded';

/**
 * What a charge is answered with. Nothing was done at `mismatch` (the id is known with another payer, payee or amount) and at
 * `no_payee` (whoever is to be paid is not there, so a setting is wrong; the id is still free).
 */
export type ChargeAnswer = PaymentState | 'mismatch' | 'no_payee';

/**
 * Whoever moves the customers' money. Calls are batch-first: many payments a call, each decided on its own; answers are in
 * the order of the request. Every call is idempotent by payment id.
 *
 * All of them throw AppError `unavailable` (nothing was done) or `timeout` (the outcome is unknown: ask again, same ids).
 */
export interface PaymentProvider {
  /** What readiness calls it. */
  readonly name: string;
  /** Charges what was not charged or decided before; a cancelled payment stays cancelled. */
  charge(charges: readonly Charge[]): Promise<ChargeAnswer[]>;
  /** Final: a payment not yet charged never will be, a charged one is refunded. A declined one stays declined. */
  cancel(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  get(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const isDeclined = (answer: ChargeAnswer): answer is Declined => typeof answer === 'object';
