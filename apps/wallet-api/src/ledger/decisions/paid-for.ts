import type { Payer } from './ledger-state';

/** The order or cash withdrawal that a charge or a refund belongs to: one of the two is set. Other transactions have neither. */
export interface PaidFor {
  orderId: string | null;
  withdrawalId: string | null;
}

export const PAID_FOR_NOTHING: PaidFor = { orderId: null, withdrawalId: null };

/** A checkout names the payer by reference and the payment by order id; a cash machine uses the ids of account and withdrawal. */
export const paidFor = (paymentId: string, payer: Payer): PaidFor =>
  'accountId' in payer ? { orderId: null, withdrawalId: paymentId } : { orderId: paymentId, withdrawalId: null };

/** The fields as named in the contract. */
export const presentPaidFor = ({ orderId, withdrawalId }: PaidFor) => ({
  ...(orderId === null ? {} : { order_id: orderId }),
  ...(withdrawalId === null ? {} : { withdrawal_id: withdrawalId }),
});
