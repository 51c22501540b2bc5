// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface EventEntry {
  'accountId'?: (string);
  'sequence'?: (number | string | Long);
  /**
   * The amount that came in; negative if it went out, such as "-12.50".
   */
  'amount'?: (string);
  'currency'?: (string);
}

export interface EventEntry__Output {
  'accountId': (string);
  'sequence': (number);
  /**
   * The amount that came in; negative if it went out, such as "-12.50".
   */
  'amount': (string);
  'currency': (string);
}
