// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface ListHeadsRequest {
  'afterPosition'?: (number | string | Long);
  /**
   * Positions to look at; 10,000 where it is 0, and at most.
   */
  'limit'?: (number);
}

export interface ListHeadsRequest__Output {
  'afterPosition': (number);
  /**
   * Positions to look at; 10,000 where it is 0, and at most.
   */
  'limit': (number);
}
