// Original file: proto/inventory/v1/inventory.proto

import type { ItemAvailability as _inventory_v1_ItemAvailability, ItemAvailability__Output as _inventory_v1_ItemAvailability__Output } from '../../inventory/v1/ItemAvailability';

export interface CheckItemsResponse {
  /**
   * One per requested id, in the order of the request.
   */
  'items'?: (_inventory_v1_ItemAvailability)[];
}

export interface CheckItemsResponse__Output {
  /**
   * One per requested id, in the order of the request.
   */
  'items': (_inventory_v1_ItemAvailability__Output)[];
}
