import type { Shortage } from '@souk/contracts';
import { createInventoryClient, type GrpcTarget } from '@souk/grpc';

/** The state of a reservation in the inventory. */
export type ReservationState =
  'reserved' | 'committed' | 'rolled_back' | 'rejected' | 'expired' | 'unknown' | 'items_mismatch';

export interface ReserveOutcome {
  state: ReservationState;
  shortages: Shortage[];
}

interface ReservationRequest {
  reserveID: string;
  items: readonly { productID: string; quantity: number }[];
  /** The actor who placed the order. */
  actor: string;
}

/**
 * Calls from the checkout worker to the inventory. Each call carries many reservations, returns the answers in the same order
 * and is idempotent by id. Any call can throw AppError `unavailable` or `timeout`; retrying is safe.
 */
export interface Reservations {
  reserve(reservations: readonly ReservationRequest[]): Promise<ReserveOutcome[]>;
  commit(reserveIDs: readonly string[]): Promise<ReservationState[]>;
  rollBack(reserveIDs: readonly string[]): Promise<ReservationState[]>;
  ping(): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 5_000;
const ACTOR = 'checkout-worker';

/** Removes the contract's prefix from the name of a state and converts the rest to lower case. */
const toState = (state: string) => state.replace('RESERVATION_STATE_', '').toLowerCase() as ReservationState;

export function createReservations(target: GrpcTarget): Reservations {
  const client = createInventoryClient({ ...target, deadlineMs: DEADLINE_MS });
  return {
    reserve: async (reservations) => {
      const { results } = await client.reserveItems({
        actor: ACTOR,
        reservations: reservations.map(({ reserveID, items, actor }) => ({
          reserveId: reserveID,
          actor,
          items: items.map(({ productID, quantity }) => ({ productId: productID, quantity })),
        })),
      });
      return results.map(({ state, shortages }) => ({
        state: toState(state),
        shortages: shortages.map(({ productId, requested, available }) => ({
          productID: productId,
          requested,
          available,
        })),
      }));
    },
    commit: async (reserveIDs) => {
      const { results } = await client.commitReservations({ reserveIds: [...reserveIDs], actor: ACTOR });
      return results.map(({ state }) => toState(state));
    },
    rollBack: async (reserveIDs) => {
      const { results } = await client.rollbackReservations({ reserveIds: [...reserveIDs], actor: ACTOR });
      return results.map(({ state }) => toState(state));
    },
    ping: () => client.ping(),
    close: () => client.close(),
  };
}
