import type { Minor } from '@souk/money';

/** A charge request. The id identifies the charge permanently: another request with the same id is the same charge. */
export interface Charge {
  paymentID: string;
  payer: string;
  /** More than 0. */
  amount: Minor;
  currency: string;
  /** Who placed the order. */
  actor: string;
}

/** A refused payment with the provider's code for the reason, such as `INSUFFICIENT_FUNDS`. */
export interface Declined {
  state: 'declined';
  reason: string;
}

/**
 * The state of a payment. `declined`, `cancelled` and `refunded` are final. A cancellation can still refund a `charged` one.
 * `none` means that no such payment was ever requested.
 */
export type PaymentState = 'none' | 'charged' | Declined | 'cancelled' | 'refunded';

/**
 * The answer to a charge. Nothing was done for `mismatch` (the id is known with another payer, payee or amount) and `no_payee`
 * (the payee doesn't exist, so a setting is wrong; the id is still free).
 */
export type ChargeAnswer = PaymentState | 'mismatch' | 'no_payee';

/**
 * Moves the customers' money. Calls are batch-first: each call carries many payments, decides each one independently, and
 * answers in the order of the request. Every call is idempotent by payment id.
 *
 * All calls throw AppError `unavailable` (nothing was done) or `timeout` (the outcome is unknown: retry with the same ids).
 */
export interface PaymentProvider {
  /** The name of its readiness check. */
  readonly name: string;
  /** Charges payments that aren't decided yet. A cancelled payment stays cancelled. */
  charge(charges: readonly Charge[]): Promise<ChargeAnswer[]>;
  /** Final: a payment that isn't charged yet never will be, and a charged one is refunded. A declined one stays declined. */
  cancel(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  get(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const isDeclined = (answer: ChargeAnswer): answer is Declined => typeof answer === 'object';
