import { createPaymentClient, type PaymentResult } from '@souk/grpc';
import { formatAmount } from '@souk/money';
import { AppError } from '@souk/service';
import type { ChargeAnswer, Declined, PaymentProvider, PaymentState } from './payment-provider';

export interface WalletPaymentsOptions {
  /** gRPC target of the wallets. */
  address: string;
  /** The time limit of each call including its retries. After it the outcome is unknown. */
  timeoutMs: number;
  /** Reference of the account that checkouts are paid to. */
  merchantReference: string;
}

const ACTOR = 'checkout-worker';

const STATES: Partial<Record<PaymentResult['state'], Exclude<PaymentState, Declined>>> = {
  PAYMENT_STATE_UNKNOWN: 'none',
  PAYMENT_STATE_CHARGED: 'charged',
  PAYMENT_STATE_CANCELLED: 'cancelled',
  PAYMENT_STATE_REFUNDED: 'refunded',
};

const REFUSALS: Partial<Record<string, ChargeAnswer>> = {
  PAYMENT_MISMATCH: 'mismatch',
  PAYEE_NOT_FOUND: 'no_payee',
};

/** Charges through the wallet: a customer's clientID is the reference of the account that pays. One request per call. */
export function createWalletPayments(options: WalletPaymentsOptions): PaymentProvider {
  const client = createPaymentClient({ address: options.address, deadlineMs: options.timeoutMs });
  return {
    name: 'wallet',
    charge: async (charges) => {
      if (charges.length === 0) return [];
      const payments = charges.map(({ paymentID, payer, amount, currency, actor }) => ({
        paymentId: paymentID,
        payerReference: payer,
        payeeReference: options.merchantReference,
        amount: formatAmount(amount),
        currency,
        actor,
      }));
      const { results } = await client.charge({ payments, actor: ACTOR });
      const ids = charges.map(({ paymentID }) => paymentID);
      return answersOf(ids, results).map((result) => toRefusal(result) ?? toState(result));
    },
    cancel: async (paymentIDs) => {
      if (paymentIDs.length === 0) return [];
      const { results } = await client.cancel({ paymentIds: [...paymentIDs], actor: ACTOR });
      return answersOf(paymentIDs, results).map(toState);
    },
    get: async (paymentIDs) => {
      if (paymentIDs.length === 0) return [];
      const { results } = await client.get({ paymentIds: [...paymentIDs] });
      return answersOf(paymentIDs, results).map(toState);
    },
    ping: () => client.ping(),
    close: () => Promise.resolve(client.close()),
  };
}

/** Money moves based on these results, so one for another payment must not be mistaken for this payment's. */
function answersOf(paymentIDs: readonly string[], results: readonly PaymentResult[]): readonly PaymentResult[] {
  const isInOrder =
    results.length === paymentIDs.length && results.every((one, at) => one.paymentId === paymentIDs[at]);
  if (!isInOrder)
    throw new AppError('bug', 'INTERNAL', 'the wallet answered for other payments than it was asked about');
  return results;
}

const toRefusal = ({ state, reason }: PaymentResult): ChargeAnswer | undefined =>
  state === 'PAYMENT_STATE_INVALID_ARGUMENT' ? REFUSALS[reason] : undefined;

function toState({ state, reason }: PaymentResult): PaymentState {
  if (state === 'PAYMENT_STATE_DECLINED') return { state: 'declined', reason };
  const known = STATES[state];
  if (!known) throw new AppError('bug', 'INTERNAL', `the wallet answered ${state} ${reason}, which means nothing here`);
  return known;
}
