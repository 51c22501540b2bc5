// Original file: proto/inventory/v1/inventory.proto

import type { StockChange as _inventory_v1_StockChange, StockChange__Output as _inventory_v1_StockChange__Output } from '../../inventory/v1/StockChange';

export interface ChangeStockRequest {
  'changes'?: (_inventory_v1_StockChange)[];
  /**
   * The actor who changes the stock; stored with each recorded change.
   */
  'actor'?: (string);
}

export interface ChangeStockRequest__Output {
  'changes': (_inventory_v1_StockChange__Output)[];
  /**
   * The actor who changes the stock; stored with each recorded change.
   */
  'actor': (string);
}
