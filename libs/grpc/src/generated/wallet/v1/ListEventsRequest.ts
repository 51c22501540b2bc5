// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface ListEventsRequest {
  /**
   * 0 for the first.
   */
  'afterPosition'?: (number | string | Long);
  /**
   * 500 where it is 0, at most 1,000.
   */
  'limit'?: (number);
}

export interface ListEventsRequest__Output {
  /**
   * 0 for the first.
   */
  'afterPosition': (number);
  /**
   * 500 where it is 0, at most 1,000.
   */
  'limit': (number);
}
