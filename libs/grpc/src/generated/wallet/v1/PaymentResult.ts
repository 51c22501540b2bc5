// Original file: proto/wallet/v1/wallet.proto

import type { PaymentState as _wallet_v1_PaymentState, PaymentState__Output as _wallet_v1_PaymentState__Output } from '../../wallet/v1/PaymentState';

export interface PaymentResult {
  'paymentId'?: (string);
  'state'?: (_wallet_v1_PaymentState);
  /**
   * DECLINED: INSUFFICIENT_FUNDS, NO_WALLET (nobody has the payer's reference or account id), SAME_WALLET or BALANCE_LIMIT (the
   * payee's wallet is full). INVALID_ARGUMENT: PAYMENT_MISMATCH (the id is known with another payer, payee or amount; a payer
   * named by its reference is another than one named by its id, even where both are one account: whoever asks again names it
   * as before) or PAYEE_NOT_FOUND (no merchant has that reference; the id is still free). Else empty.
   */
  'reason'?: (string);
}

export interface PaymentResult__Output {
  'paymentId': (string);
  'state': (_wallet_v1_PaymentState__Output);
  /**
   * DECLINED: INSUFFICIENT_FUNDS, NO_WALLET (nobody has the payer's reference or account id), SAME_WALLET or BALANCE_LIMIT (the
   * payee's wallet is full). INVALID_ARGUMENT: PAYMENT_MISMATCH (the id is known with another payer, payee or amount; a payer
   * named by its reference is another than one named by its id, even where both are one account: whoever asks again names it
   * as before) or PAYEE_NOT_FOUND (no merchant has that reference; the id is still free). Else empty.
   */
  'reason': (string);
}
