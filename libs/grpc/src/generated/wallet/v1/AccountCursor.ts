// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface AccountCursor {
  'accountId'?: (string);
  /**
   * The last sequence that is known; 0 where none is.
   */
  'after'?: (number | string | Long);
}

export interface AccountCursor__Output {
  'accountId': (string);
  /**
   * The last sequence that is known; 0 where none is.
   */
  'after': (number);
}
