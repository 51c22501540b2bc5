// Original file: proto/inventory/v1/inventory.proto

import type { StockChangeState as _inventory_v1_StockChangeState, StockChangeState__Output as _inventory_v1_StockChangeState__Output } from '../../inventory/v1/StockChangeState';
import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';
import type { Long } from '@grpc/proto-loader';

export interface StockChangeResult {
  'changeId'?: (string);
  'state'?: (_inventory_v1_StockChangeState);
  /**
   * CHANGED: the product after the change, as first answered.
   */
  'product'?: (_inventory_v1_Product | null);
  /**
   * STOCK_RESERVED: the pieces reserved.
   */
  'reserved'?: (number | string | Long);
  /**
   * This is the answer to an earlier request.
   */
  'isReplay'?: (boolean);
}

export interface StockChangeResult__Output {
  'changeId': (string);
  'state': (_inventory_v1_StockChangeState__Output);
  /**
   * CHANGED: the product after the change, as first answered.
   */
  'product': (_inventory_v1_Product__Output | null);
  /**
   * STOCK_RESERVED: the pieces reserved.
   */
  'reserved': (number);
  /**
   * This is the answer to an earlier request.
   */
  'isReplay': (boolean);
}
