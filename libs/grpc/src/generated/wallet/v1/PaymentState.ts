// Original file: proto/wallet/v1/wallet.proto

export const PaymentState = {
  PAYMENT_STATE_UNSPECIFIED: 'PAYMENT_STATE_UNSPECIFIED',
  /**
   * There is no such payment. Returned only by Get.
   */
  PAYMENT_STATE_UNKNOWN: 'PAYMENT_STATE_UNKNOWN',
  /**
   * The money was moved. Cancel can still refund it.
   */
  PAYMENT_STATE_CHARGED: 'PAYMENT_STATE_CHARGED',
  /**
   * Refused; `reason` says why. Final.
   */
  PAYMENT_STATE_DECLINED: 'PAYMENT_STATE_DECLINED',
  /**
   * Cancelled before it was charged. Final.
   */
  PAYMENT_STATE_CANCELLED: 'PAYMENT_STATE_CANCELLED',
  /**
   * Charged, then refunded. Final.
   */
  PAYMENT_STATE_REFUNDED: 'PAYMENT_STATE_REFUNDED',
  /**
   * This payment is invalid, and nothing was done; `reason` says why. Returned only by Charge.
   */
  PAYMENT_STATE_INVALID_ARGUMENT: 'PAYMENT_STATE_INVALID_ARGUMENT',
} as const;

export type PaymentState =
  | 'PAYMENT_STATE_UNSPECIFIED'
  | 0
  /**
   * There is no such payment. Returned only by Get.
   */
  | 'PAYMENT_STATE_UNKNOWN'
  | 1
  /**
   * The money was moved. Cancel can still refund it.
   */
  | 'PAYMENT_STATE_CHARGED'
  | 2
  /**
   * Refused; `reason` says why. Final.
   */
  | 'PAYMENT_STATE_DECLINED'
  | 3
  /**
   * Cancelled before it was charged. Final.
   */
  | 'PAYMENT_STATE_CANCELLED'
  | 4
  /**
   * Charged, then refunded. Final.
   */
  | 'PAYMENT_STATE_REFUNDED'
  | 5
  /**
   * This payment is invalid, and nothing was done; `reason` says why. Returned only by Charge.
   */
  | 'PAYMENT_STATE_INVALID_ARGUMENT'
  | 6

export type PaymentState__Output = typeof PaymentState[keyof typeof PaymentState]
