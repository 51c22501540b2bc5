// Original file: proto/inventory/v1/inventory.proto

import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';

export interface ListProductsResponse {
  'products'?: (_inventory_v1_Product)[];
  /**
   * The `after` of the next page; empty on the last page.
   */
  'next'?: (string);
}

export interface ListProductsResponse__Output {
  'products': (_inventory_v1_Product__Output)[];
  /**
   * The `after` of the next page; empty on the last page.
   */
  'next': (string);
}
