// Original file: proto/inventory/v1/inventory.proto

import type { Long } from '@grpc/proto-loader';

export interface StockChange {
  /**
   * Identifies the change.
   */
  'changeId'?: (string);
  /**
   * Fingerprint of the request, up to 64 ASCII characters. A known id with a different fingerprint is refused.
   */
  'fingerprint'?: (string);
  'productId'?: (string);
  /**
   * -2,147,483,647 to 2,147,483,647.
   */
  'delta'?: (number | string | Long);
  /**
   * Human-readable, up to 500 characters; may be empty.
   */
  'reason'?: (string);
}

export interface StockChange__Output {
  /**
   * Identifies the change.
   */
  'changeId': (string);
  /**
   * Fingerprint of the request, up to 64 ASCII characters. A known id with a different fingerprint is refused.
   */
  'fingerprint': (string);
  'productId': (string);
  /**
   * -2,147,483,647 to 2,147,483,647.
   */
  'delta': (number);
  /**
   * Human-readable, up to 500 characters; may be empty.
   */
  'reason': (string);
}
