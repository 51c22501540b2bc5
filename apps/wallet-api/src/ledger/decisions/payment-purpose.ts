import type { Payer } from './ledger-state';

/** The order or cash withdrawal that a charge or a refund belongs to: one of the two is set. Other transactions have neither. */
export interface PaymentPurpose {
  orderId: string | null;
  withdrawalId: string | null;
}

export const NO_PURPOSE: PaymentPurpose = { orderId: null, withdrawalId: null };

/** A checkout names the payer by reference and the payment by order id; a cash machine uses the ids of account and withdrawal. */
export const purposeOf = (paymentId: string, payer: Payer): PaymentPurpose =>
  'accountId' in payer ? { orderId: null, withdrawalId: paymentId } : { orderId: paymentId, withdrawalId: null };

/** The fields as named in the contract. */
export const presentPurpose = ({ orderId, withdrawalId }: PaymentPurpose) => ({
  ...(orderId === null ? {} : { order_id: orderId }),
  ...(withdrawalId === null ? {} : { withdrawal_id: withdrawalId }),
});
