// Original file: proto/inventory/v1/inventory.proto


/**
 * Met by a product that exists and has one of these versions.
 */
export interface ProductCondition {
  /**
   * Any version will do.
   */
  'anyVersion'?: (boolean);
  'versions'?: (string)[];
}

/**
 * Met by a product that exists and has one of these versions.
 */
export interface ProductCondition__Output {
  /**
   * Any version will do.
   */
  'anyVersion': (boolean);
  'versions': (string)[];
}
