// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface AccountCursor {
  'accountId'?: (string);
  /**
   * The last sequence that the consumer has; 0 if it has none.
   */
  'after'?: (number | string | Long);
}

export interface AccountCursor__Output {
  'accountId': (string);
  /**
   * The last sequence that the consumer has; 0 if it has none.
   */
  'after': (number);
}
