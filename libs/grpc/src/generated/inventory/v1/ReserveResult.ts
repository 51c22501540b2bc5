// Original file: proto/inventory/v1/inventory.proto

import type { ReservationState as _inventory_v1_ReservationState, ReservationState__Output as _inventory_v1_ReservationState__Output } from '../../inventory/v1/ReservationState';
import type { Shortage as _inventory_v1_Shortage, Shortage__Output as _inventory_v1_Shortage__Output } from '../../inventory/v1/Shortage';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp';

export interface ReserveResult {
  'reserveId'?: (string);
  'state'?: (_inventory_v1_ReservationState);
  /**
   * For REJECTED: every product whose stock was insufficient.
   */
  'shortages'?: (_inventory_v1_Shortage)[];
  /**
   * For RESERVED: when the reservation expires.
   */
  'expiresAt'?: (_google_protobuf_Timestamp | null);
}

export interface ReserveResult__Output {
  'reserveId': (string);
  'state': (_inventory_v1_ReservationState__Output);
  /**
   * For REJECTED: every product whose stock was insufficient.
   */
  'shortages': (_inventory_v1_Shortage__Output)[];
  /**
   * For RESERVED: when the reservation expires.
   */
  'expiresAt': (_google_protobuf_Timestamp__Output | null);
}
