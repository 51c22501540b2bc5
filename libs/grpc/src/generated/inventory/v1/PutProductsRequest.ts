// Original file: proto/inventory/v1/inventory.proto

import type { ProductPut as _inventory_v1_ProductPut, ProductPut__Output as _inventory_v1_ProductPut__Output } from '../../inventory/v1/ProductPut';

export interface PutProductsRequest {
  'puts'?: (_inventory_v1_ProductPut)[];
  /**
   * The actor who changes the products; stored with each recorded change.
   */
  'actor'?: (string);
}

export interface PutProductsRequest__Output {
  'puts': (_inventory_v1_ProductPut__Output)[];
  /**
   * The actor who changes the products; stored with each recorded change.
   */
  'actor': (string);
}
