import type { Payer } from './ledger-state';

/** What a charge or a refund belongs to. One of the two is set; neither for any other transaction. */
export interface PaidFor {
  orderId: string | null;
  withdrawalId: string | null;
}

export const PAID_FOR_NOTHING: PaidFor = { orderId: null, withdrawalId: null };

/** A checkout names the payer by a reference, and its payment by the order; a cash machine names the account and the withdrawal. */
export const paidFor = (paymentId: string, payer: Payer): PaidFor =>
  'accountId' in payer ? { orderId: null, withdrawalId: paymentId } : { orderId: paymentId, withdrawalId: null };

/** The fields of the contract. */
export const presentPaidFor = ({ orderId, withdrawalId }: PaidFor) => ({
  ...(orderId === null ? {} : { order_id: orderId }),
  ...(withdrawalId === null ? {} : { withdrawal_id: withdrawalId }),
});
