import type { Payment, PaymentStateMessage } from '@souk/grpc';
import { randomUUID } from 'node:crypto';
import type { TestWallet } from './start-test-wallet';

type WithPayments = Pick<TestWallet, 'payments'>;

const shortName = (state: PaymentStateMessage) => state.replace('PAYMENT_STATE_', '');

/** A new payment to the shop. @param payer the payer's reference, or its account */
export const newPayment = (
  payer: string | { accountId: string },
  amount: string,
  overrides: Partial<Payment> = {},
): Payment & { paymentId: string } => ({
  paymentId: randomUUID(),
  ...(typeof payer === 'string' ? { payerReference: payer } : { payerAccountId: payer.accountId }),
  payeeReference: 'merchant',
  amount,
  ...overrides,
});

/** @returns the state of each payment, with the reason if there is one */
export const charge = async ({ payments }: WithPayments, ...charges: Payment[]) =>
  (await payments.charge({ payments: charges, actor: 'shop' })).results.map(({ state, reason }) =>
    `${shortName(state)} ${reason}`.trim(),
  );

export const cancel = async ({ payments }: WithPayments, ...paymentIds: string[]) =>
  (await payments.cancel({ paymentIds, actor: 'shop' })).results.map(({ state }) => shortName(state));

export const get = async ({ payments }: WithPayments, ...paymentIds: string[]) =>
  (await payments.get({ paymentIds })).results.map(({ state }) => shortName(state));
