// Original file: proto/inventory/v1/inventory.proto

import type { Reservation as _inventory_v1_Reservation, Reservation__Output as _inventory_v1_Reservation__Output } from '../../inventory/v1/Reservation';

export interface ReserveItemsRequest {
  'reservations'?: (_inventory_v1_Reservation)[];
  /**
   * The actor who makes the request; stored with the reservation.
   */
  'actor'?: (string);
}

export interface ReserveItemsRequest__Output {
  'reservations': (_inventory_v1_Reservation__Output)[];
  /**
   * The actor who makes the request; stored with the reservation.
   */
  'actor': (string);
}
