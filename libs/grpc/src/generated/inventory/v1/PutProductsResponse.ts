// Original file: proto/inventory/v1/inventory.proto

import type { ProductPutResult as _inventory_v1_ProductPutResult, ProductPutResult__Output as _inventory_v1_ProductPutResult__Output } from '../../inventory/v1/ProductPutResult';

export interface PutProductsResponse {
  /**
   * One per put, in the order of the request.
   */
  'results'?: (_inventory_v1_ProductPutResult)[];
}

export interface PutProductsResponse__Output {
  /**
   * One per put, in the order of the request.
   */
  'results': (_inventory_v1_ProductPutResult__Output)[];
}
