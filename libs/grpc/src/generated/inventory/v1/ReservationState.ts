// Original file: proto/inventory/v1/inventory.proto

export const ReservationState = {
  RESERVATION_STATE_UNSPECIFIED: 'RESERVATION_STATE_UNSPECIFIED',
  /**
   * The stock is held.
   */
  RESERVATION_STATE_RESERVED: 'RESERVATION_STATE_RESERVED',
  /**
   * The stock was taken. Final.
   */
  RESERVATION_STATE_COMMITTED: 'RESERVATION_STATE_COMMITTED',
  /**
   * Given back, or forbidden before it was made, or ended by a commit after expiry that the stock did not cover. Final.
   */
  RESERVATION_STATE_ROLLED_BACK: 'RESERVATION_STATE_ROLLED_BACK',
  /**
   * Refused for short stock when it was asked for. Final: the same id is never tried again.
   */
  RESERVATION_STATE_REJECTED: 'RESERVATION_STATE_REJECTED',
  /**
   * Not ended in time; holds nothing any more. Not final: commit and rollback still end it.
   */
  RESERVATION_STATE_EXPIRED: 'RESERVATION_STATE_EXPIRED',
  /**
   * No such reservation (only CommitReservations answers this).
   */
  RESERVATION_STATE_UNKNOWN: 'RESERVATION_STATE_UNKNOWN',
  /**
   * The id is known with other items; nothing was done (only ReserveItems answers this).
   */
  RESERVATION_STATE_ITEMS_MISMATCH: 'RESERVATION_STATE_ITEMS_MISMATCH',
} as const;

export type ReservationState =
  | 'RESERVATION_STATE_UNSPECIFIED'
  | 0
  /**
   * The stock is held.
   */
  | 'RESERVATION_STATE_RESERVED'
  | 1
  /**
   * The stock was taken. Final.
   */
  | 'RESERVATION_STATE_COMMITTED'
  | 2
  /**
   * Given back, or forbidden before it was made, or ended by a commit after expiry that the stock did not cover. Final.
   */
  | 'RESERVATION_STATE_ROLLED_BACK'
  | 3
  /**
   * Refused for short stock when it was asked for. Final: the same id is never tried again.
   */
  | 'RESERVATION_STATE_REJECTED'
  | 4
  /**
   * Not ended in time; holds nothing any more. Not final: commit and rollback still end it.
   */
  | 'RESERVATION_STATE_EXPIRED'
  | 5
  /**
   * No such reservation (only CommitReservations answers this).
   */
  | 'RESERVATION_STATE_UNKNOWN'
  | 6
  /**
   * The id is known with other items; nothing was done (only ReserveItems answers this).
   */
  | 'RESERVATION_STATE_ITEMS_MISMATCH'
  | 7

export type ReservationState__Output = typeof ReservationState[keyof typeof ReservationState]
