// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Shortage {
  'productId'?: (string);
  'requested'?: (number | string | Long);
  /**
   * What could have been reserved; 0 for a product that does not exist.
   */
  'available'?: (number | string | Long);
}

export interface Shortage__Output {
  'productId': (string);
  'requested': (number);
  /**
   * What could have been reserved; 0 for a product that does not exist.
   */
  'available': (number);
}
