// Original file: proto/inventory/v1/inventory.proto

import type { Item as _inventory_v1_Item, Item__Output as _inventory_v1_Item__Output } from '../../inventory/v1/Item';

export interface Reservation {
  'reserveId'?: (string);
  'items'?: (_inventory_v1_Item)[];
  /**
   * The actor who requested it; if empty, the actor of the call.
   */
  'actor'?: (string);
}

export interface Reservation__Output {
  'reserveId': (string);
  'items': (_inventory_v1_Item__Output)[];
  /**
   * The actor who requested it; if empty, the actor of the call.
   */
  'actor': (string);
}
