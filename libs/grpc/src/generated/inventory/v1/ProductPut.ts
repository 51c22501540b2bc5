// Original file: proto/inventory/v1/inventory.proto

import type { ProductCondition as _inventory_v1_ProductCondition, ProductCondition__Output as _inventory_v1_ProductCondition__Output } from '../../inventory/v1/ProductCondition';
import type { Long } from '@grpc/proto-loader';

export interface ProductPut {
  'productId'?: (string);
  'productName'?: (string);
  'unitPrice'?: (string);
  /**
   * Stock on hand, 0 to 2,147,483,647. Absent: the stock is unchanged, and 0 for a new product.
   */
  'quantity'?: (number | string | Long);
  /**
   * Absent: unconditional.
   */
  'condition'?: (_inventory_v1_ProductCondition | null);
  '_quantity'?: "quantity";
}

export interface ProductPut__Output {
  'productId': (string);
  'productName': (string);
  'unitPrice': (string);
  /**
   * Stock on hand, 0 to 2,147,483,647. Absent: the stock is unchanged, and 0 for a new product.
   */
  'quantity'?: (number);
  /**
   * Absent: unconditional.
   */
  'condition': (_inventory_v1_ProductCondition__Output | null);
  '_quantity'?: "quantity";
}
