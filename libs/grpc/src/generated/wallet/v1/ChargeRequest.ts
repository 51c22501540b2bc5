// Original file: proto/wallet/v1/wallet.proto

import type { Payment as _wallet_v1_Payment, Payment__Output as _wallet_v1_Payment__Output } from '../../wallet/v1/Payment';

export interface ChargeRequest {
  'payments'?: (_wallet_v1_Payment)[];
  /**
   * The actor who makes the request; stored with the payment and its transaction.
   */
  'actor'?: (string);
}

export interface ChargeRequest__Output {
  'payments': (_wallet_v1_Payment__Output)[];
  /**
   * The actor who makes the request; stored with the payment and its transaction.
   */
  'actor': (string);
}
