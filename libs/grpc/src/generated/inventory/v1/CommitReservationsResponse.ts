// Original file: proto/inventory/v1/inventory.proto

import type { ReservationResult as _inventory_v1_ReservationResult, ReservationResult__Output as _inventory_v1_ReservationResult__Output } from '../../inventory/v1/ReservationResult';

export interface CommitReservationsResponse {
  'results'?: (_inventory_v1_ReservationResult)[];
}

export interface CommitReservationsResponse__Output {
  'results': (_inventory_v1_ReservationResult__Output)[];
}
