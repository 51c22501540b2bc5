// Original file: proto/wallet/v1/wallet.proto

import type { PaymentResult as _wallet_v1_PaymentResult, PaymentResult__Output as _wallet_v1_PaymentResult__Output } from '../../wallet/v1/PaymentResult';

export interface ChargeResponse {
  'results'?: (_wallet_v1_PaymentResult)[];
}

export interface ChargeResponse__Output {
  'results': (_wallet_v1_PaymentResult__Output)[];
}
