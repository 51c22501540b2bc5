// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Product {
  'productId'?: (string);
  'productName'?: (string);
  'onHand'?: (number | string | Long);
  'reserved'?: (number | string | Long);
  /**
   * What can still be bought: on hand less reserved, never below 0.
   */
  'available'?: (number | string | Long);
  'unitPrice'?: (string);
  'currency'?: (string);
  /**
   * Changes with the name, the price and the stock on hand, but not with reservations. Up to 100 visible ASCII characters.
   */
  'version'?: (string);
}

export interface Product__Output {
  'productId': (string);
  'productName': (string);
  'onHand': (number);
  'reserved': (number);
  /**
   * What can still be bought: on hand less reserved, never below 0.
   */
  'available': (number);
  'unitPrice': (string);
  'currency': (string);
  /**
   * Changes with the name, the price and the stock on hand, but not with reservations. Up to 100 visible ASCII characters.
   */
  'version': (string);
}
