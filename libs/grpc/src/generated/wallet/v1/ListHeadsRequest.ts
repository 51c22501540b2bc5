// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface ListHeadsRequest {
  'afterPosition'?: (number | string | Long);
  /**
   * Maximum number of positions to read: at most 10,000; 0 means 10,000.
   */
  'limit'?: (number);
}

export interface ListHeadsRequest__Output {
  'afterPosition': (number);
  /**
   * Maximum number of positions to read: at most 10,000; 0 means 10,000.
   */
  'limit': (number);
}
