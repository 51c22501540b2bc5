// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface ItemAvailability {
  'productId'?: (string);
  /**
   * False for a product that does not exist; the other fields are then empty.
   */
  'exists'?: (boolean);
  /**
   * On hand less what is reserved.
   */
  'available'?: (number | string | Long);
  'unitPrice'?: (string);
  'currency'?: (string);
}

export interface ItemAvailability__Output {
  'productId': (string);
  /**
   * False for a product that does not exist; the other fields are then empty.
   */
  'exists': (boolean);
  /**
   * On hand less what is reserved.
   */
  'available': (number);
  'unitPrice': (string);
  'currency': (string);
}
