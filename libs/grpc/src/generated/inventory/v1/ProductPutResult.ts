// Original file: proto/inventory/v1/inventory.proto

import type { ProductPutState as _inventory_v1_ProductPutState, ProductPutState__Output as _inventory_v1_ProductPutState__Output } from '../../inventory/v1/ProductPutState';
import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';
import type { Long } from '@grpc/proto-loader';

export interface ProductPutResult {
  'productId'?: (string);
  'state'?: (_inventory_v1_ProductPutState);
  /**
   * For STORED: the product after the change.
   */
  'product'?: (_inventory_v1_Product | null);
  /**
   * For STOCK_RESERVED: the reserved quantity.
   */
  'reserved'?: (number | string | Long);
}

export interface ProductPutResult__Output {
  'productId': (string);
  'state': (_inventory_v1_ProductPutState__Output);
  /**
   * For STORED: the product after the change.
   */
  'product': (_inventory_v1_Product__Output | null);
  /**
   * For STOCK_RESERVED: the reserved quantity.
   */
  'reserved': (number);
}
