// Original file: proto/inventory/v1/inventory.proto

import type { ReservationResult as _inventory_v1_ReservationResult, ReservationResult__Output as _inventory_v1_ReservationResult__Output } from '../../inventory/v1/ReservationResult';

export interface RollbackReservationsResponse {
  /**
   * COMMITTED if the commit came first; otherwise ROLLED_BACK or REJECTED.
   */
  'results'?: (_inventory_v1_ReservationResult)[];
}

export interface RollbackReservationsResponse__Output {
  /**
   * COMMITTED if the commit came first; otherwise ROLLED_BACK or REJECTED.
   */
  'results': (_inventory_v1_ReservationResult__Output)[];
}
