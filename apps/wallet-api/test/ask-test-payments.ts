import type { Payment, PaymentState } from '@souk/grpc';
import { randomUUID } from 'node:crypto';
import type { TestWallet } from './start-test-wallet';

type Asked = Pick<TestWallet, 'payments'>;

const short = (state: PaymentState) => state.replace('PAYMENT_STATE_', '');

/** A new payment to the shop. @param payer the payer's reference, or its account */
export const payment = (
  payer: string | { accountId: string },
  amount: string,
  more: Partial<Payment> = {},
): Payment & { paymentId: string } => ({
  paymentId: randomUUID(),
  ...(typeof payer === 'string' ? { payerReference: payer } : { payerAccountId: payer.accountId }),
  payeeReference: 'merchant',
  amount,
  ...more,
});

/** @returns the state of each payment, with the reason if there is one */
export const charge = async ({ payments }: Asked, ...charges: Payment[]) =>
  (await payments.charge({ payments: charges, actor: 'shop' })).results.map(({ state, reason }) =>
    `${short(state)} ${reason}`.trim(),
  );

export const cancel = async ({ payments }: Asked, ...paymentIds: string[]) =>
  (await payments.cancel({ paymentIds, actor: 'shop' })).results.map(({ state }) => short(state));

export const get = async ({ payments }: Asked, ...paymentIds: string[]) =>
  (await payments.get({ paymentIds })).results.map(({ state }) => short(state));
