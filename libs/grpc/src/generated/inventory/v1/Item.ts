// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Item {
  'productId'?: (string);
  /**
   * From 1. The same product twice is summed.
   */
  'quantity'?: (number | string | Long);
}

export interface Item__Output {
  'productId': (string);
  /**
   * From 1. The same product twice is summed.
   */
  'quantity': (number);
}
