// Original file: proto/inventory/v1/inventory.proto


export interface ListProductsRequest {
  /**
   * Only products after this id.
   */
  'after'?: (string);
  /**
   * 1 to 500; 0 means 50.
   */
  'limit'?: (number);
  /**
   * If not empty, only these products are returned, and `after` and `limit` are ignored. Unknown ids are left out.
   */
  'productIds'?: (string)[];
}

export interface ListProductsRequest__Output {
  /**
   * Only products after this id.
   */
  'after': (string);
  /**
   * 1 to 500; 0 means 50.
   */
  'limit': (number);
  /**
   * If not empty, only these products are returned, and `after` and `limit` are ignored. Unknown ids are left out.
   */
  'productIds': (string)[];
}
