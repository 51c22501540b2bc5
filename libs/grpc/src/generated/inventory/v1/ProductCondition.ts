// Original file: proto/inventory/v1/inventory.proto


/**
 * Is met by a product that exists and has one of these versions.
 */
export interface ProductCondition {
  /**
   * Accepts any version.
   */
  'anyVersion'?: (boolean);
  'versions'?: (string)[];
}

/**
 * Is met by a product that exists and has one of these versions.
 */
export interface ProductCondition__Output {
  /**
   * Accepts any version.
   */
  'anyVersion': (boolean);
  'versions': (string)[];
}
