// Original file: proto/inventory/v1/inventory.proto

import type { StockChangeState as _inventory_v1_StockChangeState, StockChangeState__Output as _inventory_v1_StockChangeState__Output } from '../../inventory/v1/StockChangeState';
import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from '../../inventory/v1/Product';
import type { Long } from '@grpc/proto-loader';

export interface StockChangeResult {
  'changeId'?: (string);
  'state'?: (_inventory_v1_StockChangeState);
  /**
   * For CHANGED: the product after the change, as in the first answer.
   */
  'product'?: (_inventory_v1_Product | null);
  /**
   * For STOCK_RESERVED: the reserved quantity.
   */
  'reserved'?: (number | string | Long);
  /**
   * Whether this is the answer to an earlier request.
   */
  'isReplay'?: (boolean);
}

export interface StockChangeResult__Output {
  'changeId': (string);
  'state': (_inventory_v1_StockChangeState__Output);
  /**
   * For CHANGED: the product after the change, as in the first answer.
   */
  'product': (_inventory_v1_Product__Output | null);
  /**
   * For STOCK_RESERVED: the reserved quantity.
   */
  'reserved': (number);
  /**
   * Whether this is the answer to an earlier request.
   */
  'isReplay': (boolean);
}
