// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface ListEventsRequest {
  /**
   * 0 to start with the first event.
   */
  'afterPosition'?: (number | string | Long);
  /**
   * At most 1,000; 0 means 500.
   */
  'limit'?: (number);
}

export interface ListEventsRequest__Output {
  /**
   * 0 to start with the first event.
   */
  'afterPosition': (number);
  /**
   * At most 1,000; 0 means 500.
   */
  'limit': (number);
}
