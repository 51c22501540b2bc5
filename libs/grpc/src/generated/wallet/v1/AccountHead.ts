// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface AccountHead {
  'accountId'?: (string);
  /**
   * The highest sequence among the events read.
   */
  'sequence'?: (number | string | Long);
}

export interface AccountHead__Output {
  'accountId': (string);
  /**
   * The highest sequence among the events read.
   */
  'sequence': (number);
}
