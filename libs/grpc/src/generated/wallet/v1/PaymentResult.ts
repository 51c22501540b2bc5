// Original file: proto/wallet/v1/wallet.proto

import type { PaymentState as _wallet_v1_PaymentState, PaymentState__Output as _wallet_v1_PaymentState__Output } from '../../wallet/v1/PaymentState';

export interface PaymentResult {
  'paymentId'?: (string);
  'state'?: (_wallet_v1_PaymentState);
  /**
   * For DECLINED: INSUFFICIENT_FUNDS, NO_WALLET (no account has the payer's reference or id), SAME_WALLET, or BALANCE_LIMIT
   * (the payee's wallet is full). For INVALID_ARGUMENT: PAYMENT_MISMATCH (the id is known with another payer, payee or amount)
   * or PAYEE_NOT_FOUND (no merchant has this reference; the id remains unused). Otherwise empty. A payer named by reference
   * differs from the same payer named by id, so a retry must name the payer as before.
   */
  'reason'?: (string);
}

export interface PaymentResult__Output {
  'paymentId': (string);
  'state': (_wallet_v1_PaymentState__Output);
  /**
   * For DECLINED: INSUFFICIENT_FUNDS, NO_WALLET (no account has the payer's reference or id), SAME_WALLET, or BALANCE_LIMIT
   * (the payee's wallet is full). For INVALID_ARGUMENT: PAYMENT_MISMATCH (the id is known with another payer, payee or amount)
   * or PAYEE_NOT_FOUND (no merchant has this reference; the id remains unused). Otherwise empty. A payer named by reference
   * differs from the same payer named by id, so a retry must name the payer as before.
   */
  'reason': (string);
}
