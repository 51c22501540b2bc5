import { formatAmount, type Minor } from '@souk/money';
import { AppError } from '@souk/service';
import type { GrpcTarget } from './client';
import { createPaymentClient, type Payment, type PaymentResult } from './payment';

/** A charge request. The id identifies the charge permanently: another request with the same id is the same charge. */
export interface WalletCharge {
  paymentId: string;
  /** Says which of the two it is, because anyone may choose a reference that equals the id of another account. */
  payer: { reference: string } | { accountId: string };
  /** The reference of the merchant's account that is paid. */
  payeeReference: string;
  /** More than 0. */
  amount: Minor;
  currency: string;
  /** Who requested the payment. */
  actor: string;
}

/** A refused payment with the code of the reason, such as `INSUFFICIENT_FUNDS`. */
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

export const isDeclined = (answer: ChargeAnswer): answer is Declined => typeof answer === 'object';

/**
 * Charges customers' wallets. Calls are batch-first: each call carries many payments and returns their answers in the same order. An
 * empty batch makes no call. Every call may be repeated with the same ids.
 *
 * All calls throw AppError `unavailable` or `overloaded` (nothing was done), `timeout` (the outcome is unknown: retry with the
 * same ids), or `bug` if the wallet's answer can't be interpreted.
 */
export interface WalletClient {
  /** Charges payments that aren't decided yet. A cancelled payment stays cancelled. */
  charge(charges: readonly WalletCharge[]): Promise<ChargeAnswer[]>;
  /**
   * Final: a payment that isn't charged yet never will be, and a charged one is refunded. A declined one stays declined.
   * @param actor who requests the cancellation; the calling service by default
   */
  cancel(paymentIds: readonly string[], actor?: string): Promise<PaymentState[]>;
  get(paymentIds: readonly string[]): Promise<PaymentState[]>;
  ping(): Promise<void>;
  close(): void;
}

interface WalletClientOptions extends GrpcTarget {
  /** Time limit of each call, including its retries. After it, the outcome is unknown. */
  timeoutMs: number;
  /** The name of the calling service. */
  caller: string;
}

export function createWalletClient({ timeoutMs, caller, ...target }: WalletClientOptions): WalletClient {
  const client = createPaymentClient({ ...target, deadlineMs: timeoutMs });
  return {
    charge: async (charges) => {
      if (charges.length === 0) return [];
      const { results } = await client.charge({ payments: charges.map(toMessage), actor: caller });
      return inOrder(
        charges.map(({ paymentId }) => paymentId),
        results,
      ).map(toChargeAnswer);
    },
    cancel: async (paymentIds, actor = caller) => {
      if (paymentIds.length === 0) return [];
      const { results } = await client.cancel({ paymentIds: [...paymentIds], actor });
      return inOrder(paymentIds, results).map(toState);
    },
    get: async (paymentIds) => {
      if (paymentIds.length === 0) return [];
      const { results } = await client.get({ paymentIds: [...paymentIds] });
      return inOrder(paymentIds, results).map(toState);
    },
    ping: () => client.ping(),
    close: () => client.close(),
  };
}

const toMessage = ({ paymentId, payer, payeeReference, amount, currency, actor }: WalletCharge): Payment => ({
  paymentId,
  payeeReference,
  amount: formatAmount(amount),
  currency,
  actor,
  ...('accountId' in payer ? { payerAccountId: payer.accountId } : { payerReference: payer.reference }),
});

/** Requires one result per payment, in order: money moves based on these results, so none may be attributed to another payment. */
function inOrder(paymentIds: readonly string[], results: readonly PaymentResult[]): readonly PaymentResult[] {
  const isInOrder =
    results.length === paymentIds.length && results.every(({ paymentId }, index) => paymentId === paymentIds[index]);
  if (!isInOrder)
    throw new AppError('bug', 'INTERNAL', 'The results from the wallet do not match the payments in the request');
  return results;
}

const REFUSALS: Partial<Record<string, 'mismatch' | 'no_payee'>> = {
  PAYMENT_MISMATCH: 'mismatch',
  PAYEE_NOT_FOUND: 'no_payee',
};

function toChargeAnswer(result: PaymentResult): ChargeAnswer {
  const refusal = result.state === 'PAYMENT_STATE_INVALID_ARGUMENT' ? REFUSALS[result.reason] : undefined;
  return refusal ?? toState(result);
}

const STATES: Partial<Record<PaymentResult['state'], Exclude<PaymentState, Declined>>> = {
  PAYMENT_STATE_UNKNOWN: 'none',
  PAYMENT_STATE_CHARGED: 'charged',
  PAYMENT_STATE_CANCELLED: 'cancelled',
  PAYMENT_STATE_REFUNDED: 'refunded',
};

function toState({ state, reason }: PaymentResult): PaymentState {
  if (state === 'PAYMENT_STATE_DECLINED') return { state: 'declined', reason };
  const plainState = STATES[state];
  if (!plainState) throw new AppError('bug', 'INTERNAL', `Unexpected answer from the wallet: ${state} ${reason}`);
  return plainState;
}
