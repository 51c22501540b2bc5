// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface UpsertProductRequest {
  'productId'?: (string);
  'productName'?: (string);
  /**
   * Stock on hand, 0 to 2,147,483,647.
   */
  'quantity'?: (number | string | Long);
  'unitPrice'?: (string);
  'actor'?: (string);
}

export interface UpsertProductRequest__Output {
  'productId': (string);
  'productName': (string);
  /**
   * Stock on hand, 0 to 2,147,483,647.
   */
  'quantity': (number);
  'unitPrice': (string);
  'actor': (string);
}
