// Original file: proto/wallet/v1/wallet.proto

import type { PaymentResult as _wallet_v1_PaymentResult, PaymentResult__Output as _wallet_v1_PaymentResult__Output } from '../../wallet/v1/PaymentResult';

export interface CancelResponse {
  'results'?: (_wallet_v1_PaymentResult)[];
}

export interface CancelResponse__Output {
  'results': (_wallet_v1_PaymentResult__Output)[];
}
