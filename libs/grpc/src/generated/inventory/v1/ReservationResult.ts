// Original file: proto/inventory/v1/inventory.proto

import type { ReservationState as _inventory_v1_ReservationState, ReservationState__Output as _inventory_v1_ReservationState__Output } from '../../inventory/v1/ReservationState';

export interface ReservationResult {
  'reserveId'?: (string);
  'state'?: (_inventory_v1_ReservationState);
}

export interface ReservationResult__Output {
  'reserveId': (string);
  'state': (_inventory_v1_ReservationState__Output);
}
