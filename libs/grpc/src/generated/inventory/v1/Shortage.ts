// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Shortage {
  'productId'?: (string);
  'requested'?: (number | string | Long);
  /**
   * The quantity that could have been reserved; 0 if there is no such product.
   */
  'available'?: (number | string | Long);
}

export interface Shortage__Output {
  'productId': (string);
  'requested': (number);
  /**
   * The quantity that could have been reserved; 0 if there is no such product.
   */
  'available': (number);
}
