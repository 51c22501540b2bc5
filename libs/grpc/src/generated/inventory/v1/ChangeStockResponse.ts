// Original file: proto/inventory/v1/inventory.proto

import type { StockChangeResult as _inventory_v1_StockChangeResult, StockChangeResult__Output as _inventory_v1_StockChangeResult__Output } from '../../inventory/v1/StockChangeResult';

export interface ChangeStockResponse {
  /**
   * One per change, in the order of the request.
   */
  'results'?: (_inventory_v1_StockChangeResult)[];
}

export interface ChangeStockResponse__Output {
  /**
   * One per change, in the order of the request.
   */
  'results': (_inventory_v1_StockChangeResult__Output)[];
}
