// Original file: proto/inventory/v1/inventory.proto

export const ReservationState = {
  RESERVATION_STATE_UNSPECIFIED: 'RESERVATION_STATE_UNSPECIFIED',
  /**
   * The stock is reserved.
   */
  RESERVATION_STATE_RESERVED: 'RESERVATION_STATE_RESERVED',
  /**
   * The stock was removed from the stock on hand. Final.
   */
  RESERVATION_STATE_COMMITTED: 'RESERVATION_STATE_COMMITTED',
  /**
   * Rolled back, possibly before it was reserved; or it had expired and the stock no longer covered its commit. Final.
   */
  RESERVATION_STATE_ROLLED_BACK: 'RESERVATION_STATE_ROLLED_BACK',
  /**
   * Refused because the stock was insufficient. Final: this id is never tried again.
   */
  RESERVATION_STATE_REJECTED: 'RESERVATION_STATE_REJECTED',
  /**
   * Neither committed nor rolled back in time. It reserves nothing, but is not final: commit and rollback still end it.
   */
  RESERVATION_STATE_EXPIRED: 'RESERVATION_STATE_EXPIRED',
  /**
   * There is no such reservation. Returned only by CommitReservations.
   */
  RESERVATION_STATE_UNKNOWN: 'RESERVATION_STATE_UNKNOWN',
  /**
   * The id belongs to a reservation of other items; nothing was done. Returned only by ReserveItems.
   */
  RESERVATION_STATE_ITEMS_MISMATCH: 'RESERVATION_STATE_ITEMS_MISMATCH',
} as const;

export type ReservationState =
  | 'RESERVATION_STATE_UNSPECIFIED'
  | 0
  /**
   * The stock is reserved.
   */
  | 'RESERVATION_STATE_RESERVED'
  | 1
  /**
   * The stock was removed from the stock on hand. Final.
   */
  | 'RESERVATION_STATE_COMMITTED'
  | 2
  /**
   * Rolled back, possibly before it was reserved; or it had expired and the stock no longer covered its commit. Final.
   */
  | 'RESERVATION_STATE_ROLLED_BACK'
  | 3
  /**
   * Refused because the stock was insufficient. Final: this id is never tried again.
   */
  | 'RESERVATION_STATE_REJECTED'
  | 4
  /**
   * Neither committed nor rolled back in time. It reserves nothing, but is not final: commit and rollback still end it.
   */
  | 'RESERVATION_STATE_EXPIRED'
  | 5
  /**
   * There is no such reservation. Returned only by CommitReservations.
   */
  | 'RESERVATION_STATE_UNKNOWN'
  | 6
  /**
   * The id belongs to a reservation of other items; nothing was done. Returned only by ReserveItems.
   */
  | 'RESERVATION_STATE_ITEMS_MISMATCH'
  | 7

export type ReservationState__Output = typeof ReservationState[keyof typeof ReservationState]
