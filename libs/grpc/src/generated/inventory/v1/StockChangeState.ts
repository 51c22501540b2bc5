// Original file: proto/inventory/v1/inventory.proto

export const StockChangeState = {
  STOCK_CHANGE_STATE_UNSPECIFIED: 'STOCK_CHANGE_STATE_UNSPECIFIED',
  STOCK_CHANGE_STATE_CHANGED: 'STOCK_CHANGE_STATE_CHANGED',
  STOCK_CHANGE_STATE_UNKNOWN_PRODUCT: 'STOCK_CHANGE_STATE_UNKNOWN_PRODUCT',
  /**
   * The stock would fall below the reserved quantity, or below 0; nothing was changed.
   */
  STOCK_CHANGE_STATE_STOCK_RESERVED: 'STOCK_CHANGE_STATE_STOCK_RESERVED',
  /**
   * The stock would exceed 2,147,483,647; nothing was changed, and the id is not recorded.
   */
  STOCK_CHANGE_STATE_TOO_MUCH: 'STOCK_CHANGE_STATE_TOO_MUCH',
  /**
   * The id is known with a different fingerprint; nothing was changed.
   */
  STOCK_CHANGE_STATE_ID_MISMATCH: 'STOCK_CHANGE_STATE_ID_MISMATCH',
  /**
   * The id is known, but its answer is no longer kept; nothing was changed.
   */
  STOCK_CHANGE_STATE_ID_EXPIRED: 'STOCK_CHANGE_STATE_ID_EXPIRED',
} as const;

export type StockChangeState =
  | 'STOCK_CHANGE_STATE_UNSPECIFIED'
  | 0
  | 'STOCK_CHANGE_STATE_CHANGED'
  | 1
  | 'STOCK_CHANGE_STATE_UNKNOWN_PRODUCT'
  | 2
  /**
   * The stock would fall below the reserved quantity, or below 0; nothing was changed.
   */
  | 'STOCK_CHANGE_STATE_STOCK_RESERVED'
  | 3
  /**
   * The stock would exceed 2,147,483,647; nothing was changed, and the id is not recorded.
   */
  | 'STOCK_CHANGE_STATE_TOO_MUCH'
  | 4
  /**
   * The id is known with a different fingerprint; nothing was changed.
   */
  | 'STOCK_CHANGE_STATE_ID_MISMATCH'
  | 5
  /**
   * The id is known, but its answer is no longer kept; nothing was changed.
   */
  | 'STOCK_CHANGE_STATE_ID_EXPIRED'
  | 6

export type StockChangeState__Output = typeof StockChangeState[keyof typeof StockChangeState]
