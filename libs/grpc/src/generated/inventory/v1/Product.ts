// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface Product {
  'productId'?: (string);
  'productName'?: (string);
  'onHand'?: (number | string | Long);
  'reserved'?: (number | string | Long);
  /**
   * The quantity that can still be bought: on hand minus reserved, but never below 0.
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
   * The quantity that can still be bought: on hand minus reserved, but never below 0.
   */
  'available': (number);
  'unitPrice': (string);
  'currency': (string);
  /**
   * Changes with the name, the price and the stock on hand, but not with reservations. Up to 100 visible ASCII characters.
   */
  'version': (string);
}
