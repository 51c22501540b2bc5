// Original file: proto/inventory/v1/inventory.proto

export const ProductPutState = {
  PRODUCT_PUT_STATE_UNSPECIFIED: 'PRODUCT_PUT_STATE_UNSPECIFIED',
  PRODUCT_PUT_STATE_STORED: 'PRODUCT_PUT_STATE_STORED',
  /**
   * The stock would fall below the reserved quantity; nothing was changed.
   */
  PRODUCT_PUT_STATE_STOCK_RESERVED: 'PRODUCT_PUT_STATE_STOCK_RESERVED',
  /**
   * The condition is not met; nothing was changed.
   */
  PRODUCT_PUT_STATE_CONDITION_FAILED: 'PRODUCT_PUT_STATE_CONDITION_FAILED',
} as const;

export type ProductPutState =
  | 'PRODUCT_PUT_STATE_UNSPECIFIED'
  | 0
  | 'PRODUCT_PUT_STATE_STORED'
  | 1
  /**
   * The stock would fall below the reserved quantity; nothing was changed.
   */
  | 'PRODUCT_PUT_STATE_STOCK_RESERVED'
  | 2
  /**
   * The condition is not met; nothing was changed.
   */
  | 'PRODUCT_PUT_STATE_CONDITION_FAILED'
  | 3

export type ProductPutState__Output = typeof ProductPutState[keyof typeof ProductPutState]
