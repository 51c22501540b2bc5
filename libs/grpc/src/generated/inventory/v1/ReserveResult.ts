// Original file: proto/inventory/v1/inventory.proto

import type { ReservationState as _inventory_v1_ReservationState, ReservationState__Output as _inventory_v1_ReservationState__Output } from '../../inventory/v1/ReservationState';
import type { Shortage as _inventory_v1_Shortage, Shortage__Output as _inventory_v1_Shortage__Output } from '../../inventory/v1/Shortage';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp';

export interface ReserveResult {
  'reserveId'?: (string);
  'state'?: (_inventory_v1_ReservationState);
  /**
   * REJECTED: every line that the stock did not cover.
   */
  'shortages'?: (_inventory_v1_Shortage)[];
  /**
   * RESERVED: when it stops being held.
   */
  'expiresAt'?: (_google_protobuf_Timestamp | null);
}

export interface ReserveResult__Output {
  'reserveId': (string);
  'state': (_inventory_v1_ReservationState__Output);
  /**
   * REJECTED: every line that the stock did not cover.
   */
  'shortages': (_inventory_v1_Shortage__Output)[];
  /**
   * RESERVED: when it stops being held.
   */
  'expiresAt': (_google_protobuf_Timestamp__Output | null);
}
