// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Item {
  'productId'?: (string);
  /**
   * At least 1. The quantities of a product that is listed twice are added up.
   */
  'quantity'?: (number | string | Long);
}

export interface Item__Output {
  'productId': (string);
  /**
   * At least 1. The quantities of a product that is listed twice are added up.
   */
  'quantity': (number);
}
