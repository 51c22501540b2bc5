// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface ItemAvailability {
  'productId'?: (string);
  /**
   * False if there is no such product; then the other fields are empty.
   */
  'exists'?: (boolean);
  /**
   * The stock on hand minus the reserved quantity.
   */
  'available'?: (number | string | Long);
  'unitPrice'?: (string);
  'currency'?: (string);
}

export interface ItemAvailability__Output {
  'productId': (string);
  /**
   * False if there is no such product; then the other fields are empty.
   */
  'exists': (boolean);
  /**
   * The stock on hand minus the reserved quantity.
   */
  'available': (number);
  'unitPrice': (string);
  'currency': (string);
}
