import { createPaymentClient, type Payment, type PaymentResult } from '@souk/grpc';
import type { Minor } from '@souk/money';
import { formatAmount } from '@souk/money';
import { AppError, unavailable } from '@souk/service';

export interface Charge {
  paymentId: string;
  accountId: string;
  /** The reference of the machine's account. */
  payeeReference: string;
  amount: Minor;
  actor: string;
}

/** The wallet's final answer to a charge. `ended`: it was cancelled before. */
export type ChargeAnswer = { state: 'charged' } | { state: 'declined'; reason: string } | { state: 'ended' };

/**
 * Charges a customer's wallet for notes that are set aside. Both calls may be repeated with the same id, and both throw
 * AppError: `unavailable` if the wallet accepts no charges now, `timeout` if the outcome is unknown.
 */
export interface WalletCharges {
  charge(charge: Charge): Promise<ChargeAnswer>;
  /** Prevents a charge for good, or refunds it if it was made. */
  cancel(paymentId: string, actor: string): Promise<void>;
  close(): void;
}

const CONFIRMED: ReadonlySet<PaymentResult['state']> = new Set<PaymentResult['state']>([
  'PAYMENT_STATE_CANCELLED',
  'PAYMENT_STATE_REFUNDED',
  'PAYMENT_STATE_DECLINED',
]);

export function createWalletCharges(options: { address: string; timeoutMs: number }): WalletCharges {
  const client = createPaymentClient({ address: options.address, deadlineMs: options.timeoutMs });
  return {
    charge: async ({ paymentId, accountId, payeeReference, amount, actor }) => {
      // By account id, not by reference: anyone may choose a reference that looks like another account's id.
      const payment: Payment = {
        ...{ paymentId, payerAccountId: accountId, payeeReference, amount: formatAmount(amount) },
        ...{ currency: 'USD', actor },
      };
      const { results } = await client.charge({ payments: [payment], actor: 'atm-api' });
      return toAnswer(resultOf(paymentId, results));
    },
    cancel: async (paymentId, actor) => {
      const { results } = await client.cancel({ paymentIds: [paymentId], actor });
      const { state } = resultOf(paymentId, results);
      if (!CONFIRMED.has(state)) throw meaningless(state);
    },
    close: () => client.close(),
  };
}

function toAnswer({ state, reason }: PaymentResult): ChargeAnswer {
  if (state === 'PAYMENT_STATE_CHARGED') return { state: 'charged' };
  if (state === 'PAYMENT_STATE_DECLINED') return { state: 'declined', reason };
  if (state === 'PAYMENT_STATE_CANCELLED' || state === 'PAYMENT_STATE_REFUNDED') return { state: 'ended' };
  // The machine has no account yet. That is fixed in the wallet; until then, no withdrawal can be paid to the machine.
  if (state === 'PAYMENT_STATE_INVALID_ARGUMENT' && reason === 'PAYEE_NOT_FOUND')
    throw unavailable("the machine's account", meaningless(`${state} ${reason}`));
  throw meaningless(`${state} ${reason}`);
}

/** Money moves based on these answers, so one for another payment must not be mistaken for this one's. */
function resultOf(paymentId: string, results: readonly PaymentResult[]): PaymentResult {
  const [result] = results;
  if (results.length !== 1 || result?.paymentId !== paymentId)
    throw new AppError('bug', 'INTERNAL', 'the wallet answered for another payment than it was asked about');
  return result;
}

const meaningless = (what: string) =>
  new AppError('bug', 'INTERNAL', `the wallet answered ${what}, which means nothing here`);
