// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface StockChange {
  /**
   * Names the effect.
   */
  'changeId'?: (string);
  /**
   * Of the request that asks for the change, up to 64 ASCII characters: a known id with another one is refused.
   */
  'fingerprint'?: (string);
  'productId'?: (string);
  /**
   * -2,147,483,647 to 2,147,483,647.
   */
  'delta'?: (number | string | Long);
  /**
   * For people, up to 500 characters; may be empty.
   */
  'reason'?: (string);
}

export interface StockChange__Output {
  /**
   * Names the effect.
   */
  'changeId': (string);
  /**
   * Of the request that asks for the change, up to 64 ASCII characters: a known id with another one is refused.
   */
  'fingerprint': (string);
  'productId': (string);
  /**
   * -2,147,483,647 to 2,147,483,647.
   */
  'delta': (number);
  /**
   * For people, up to 500 characters; may be empty.
   */
  'reason': (string);
}
