// Original file: proto/inventory/v1/inventory.proto


export interface ListProductsRequest {
  /**
   * Only products after this id.
   */
  'after'?: (string);
  /**
   * 1 to 500; 50 when 0.
   */
  'limit'?: (number);
  /**
   * When not empty: just these, and `after` and `limit` are ignored. Unknown ones are left out.
   */
  'productIds'?: (string)[];
}

export interface ListProductsRequest__Output {
  /**
   * Only products after this id.
   */
  'after': (string);
  /**
   * 1 to 500; 50 when 0.
   */
  'limit': (number);
  /**
   * When not empty: just these, and `after` and `limit` are ignored. Unknown ones are left out.
   */
  'productIds': (string)[];
}
