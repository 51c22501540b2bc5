import type { ChargeAnswer, PaymentState } from '@souk/grpc';
import type { Minor } from '@souk/money';

/** Every provider uses the wallet's answers and states. */
export { isDeclined, type ChargeAnswer, type Declined, type PaymentState } from '@souk/grpc';

/** A charge request. The id identifies the charge permanently: another request with the same id is the same charge. */
export interface Charge {
  paymentID: string;
  payer: string;
  /** More than 0. */
  amount: Minor;
  currency: string;
  /** The actor who placed the order. */
  actor: string;
}

/**
 * Moves the customers' money. Calls are batch-first: each call carries many payments, decides each one independently, and
 * returns the answers in the order of the request. Every call is idempotent by payment id.
 *
 * Any call can throw AppError `unavailable` (nothing was done) or `timeout` (the outcome is unknown: retry with the same ids).
 */
export interface PaymentProvider {
  /** The name of its readiness check. */
  readonly name: string;
  /** Charges payments that aren't decided yet. A cancelled payment stays cancelled. */
  charge(charges: readonly Charge[]): Promise<ChargeAnswer[]>;
  /** Final: a payment that isn't charged yet never will be, a charged one is refunded, and a declined one stays declined. */
  cancel(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  get(paymentIDs: readonly string[]): Promise<PaymentState[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
