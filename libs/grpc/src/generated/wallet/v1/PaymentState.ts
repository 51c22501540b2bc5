// Original file: proto/wallet/v1/wallet.proto

export const PaymentState = {
  PAYMENT_STATE_UNSPECIFIED: 'PAYMENT_STATE_UNSPECIFIED',
  /**
   * No such payment was ever asked for (only Get answers this).
   */
  PAYMENT_STATE_UNKNOWN: 'PAYMENT_STATE_UNKNOWN',
  /**
   * The money moved. A Cancel may still refund it.
   */
  PAYMENT_STATE_CHARGED: 'PAYMENT_STATE_CHARGED',
  /**
   * Refused when it was asked for; `reason` says why. Final.
   */
  PAYMENT_STATE_DECLINED: 'PAYMENT_STATE_DECLINED',
  /**
   * Forbidden before it was charged. Final.
   */
  PAYMENT_STATE_CANCELLED: 'PAYMENT_STATE_CANCELLED',
  /**
   * Charged and given back. Final.
   */
  PAYMENT_STATE_REFUNDED: 'PAYMENT_STATE_REFUNDED',
  /**
   * This payment is an invalid argument and nothing was done; `reason` says why (only Charge answers this).
   */
  PAYMENT_STATE_INVALID_ARGUMENT: 'PAYMENT_STATE_INVALID_ARGUMENT',
} as const;

export type PaymentState =
  | 'PAYMENT_STATE_UNSPECIFIED'
  | 0
  /**
   * No such payment was ever asked for (only Get answers this).
   */
  | 'PAYMENT_STATE_UNKNOWN'
  | 1
  /**
   * The money moved. A Cancel may still refund it.
   */
  | 'PAYMENT_STATE_CHARGED'
  | 2
  /**
   * Refused when it was asked for; `reason` says why. Final.
   */
  | 'PAYMENT_STATE_DECLINED'
  | 3
  /**
   * Forbidden before it was charged. Final.
   */
  | 'PAYMENT_STATE_CANCELLED'
  | 4
  /**
   * Charged and given back. Final.
   */
  | 'PAYMENT_STATE_REFUNDED'
  | 5
  /**
   * This payment is an invalid argument and nothing was done; `reason` says why (only Charge answers this).
   */
  | 'PAYMENT_STATE_INVALID_ARGUMENT'
  | 6

export type PaymentState__Output = typeof PaymentState[keyof typeof PaymentState]
