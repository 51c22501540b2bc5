// Original file: proto/wallet/v1/wallet.proto


export interface CancelRequest {
  'paymentIds'?: (string)[];
  'actor'?: (string);
}

export interface CancelRequest__Output {
  'paymentIds': (string)[];
  'actor': (string);
}
