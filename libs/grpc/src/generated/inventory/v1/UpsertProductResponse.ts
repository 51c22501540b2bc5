// Original file: proto/inventory/v1/inventory.proto

import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';

export interface UpsertProductResponse {
  'product'?: (_inventory_v1_Product | null);
}

export interface UpsertProductResponse__Output {
  'product': (_inventory_v1_Product__Output | null);
}
