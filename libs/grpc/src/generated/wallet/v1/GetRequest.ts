// Original file: proto/wallet/v1/wallet.proto


export interface GetRequest {
  'paymentIds'?: (string)[];
}

export interface GetRequest__Output {
  'paymentIds': (string)[];
}
