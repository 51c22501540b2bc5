// Original file: proto/inventory/v1/inventory.proto

import type { ProductPutState as _inventory_v1_ProductPutState, ProductPutState__Output as _inventory_v1_ProductPutState__Output } from '../../inventory/v1/ProductPutState';
import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';
import type { Long } from '@grpc/proto-loader';

export interface ProductPutResult {
  'productId'?: (string);
  'state'?: (_inventory_v1_ProductPutState);
  /**
   * STORED: the present product.
   */
  'product'?: (_inventory_v1_Product | null);
  /**
   * STOCK_RESERVED: the pieces reserved.
   */
  'reserved'?: (number | string | Long);
}

export interface ProductPutResult__Output {
  'productId': (string);
  'state': (_inventory_v1_ProductPutState__Output);
  /**
   * STORED: the present product.
   */
  'product': (_inventory_v1_Product__Output | null);
  /**
   * STOCK_RESERVED: the pieces reserved.
   */
  'reserved': (number);
}
