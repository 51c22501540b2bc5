// Original file: proto/inventory/v1/inventory.proto

import type { ProductCondition as _inventory_v1_ProductCondition, ProductCondition__Output as _inventory_v1_ProductCondition__Output } from '../../inventory/v1/ProductCondition';
import type { Long } from '@grpc/proto-loader';

export interface ProductPut {
  'productId'?: (string);
  'productName'?: (string);
  'unitPrice'?: (string);
  /**
   * Stock on hand, 0 to 2,147,483,647. If absent, the stock stays unchanged; a new product has 0.
   */
  'quantity'?: (number | string | Long);
  /**
   * If absent, the change is unconditional.
   */
  'condition'?: (_inventory_v1_ProductCondition | null);
  '_quantity'?: "quantity";
}

export interface ProductPut__Output {
  'productId': (string);
  'productName': (string);
  'unitPrice': (string);
  /**
   * Stock on hand, 0 to 2,147,483,647. If absent, the stock stays unchanged; a new product has 0.
   */
  'quantity'?: (number);
  /**
   * If absent, the change is unconditional.
   */
  'condition': (_inventory_v1_ProductCondition__Output | null);
  '_quantity'?: "quantity";
}
