import { AppError } from '@souk/service';
import { failure, idsOf, step, type Checkout } from './checkout';
import type { Reservations, ReserveOutcome } from './reservations';

/**
 * Treats an invalid order as short of stock: it requests more than the inventory can ever hold for one order. Only for an order
 * that is sent alone, so that it fails no other.
 */
function refusedAsInvalid(error: unknown): ReserveOutcome[] {
  if (error instanceof AppError && error.kind === 'invalid') return [{ state: 'rejected', shortages: [] }];
  throw error;
}

export async function reserve(reservations: Reservations, checkouts: readonly Checkout[]) {
  const toCharge: Checkout[] = [];
  const expired: Checkout[] = [];
  const isAlone = checkouts.length === 1;
  const wanted = checkouts.map(({ order, actor }) => ({ reserveID: order.orderID, items: order.items, actor }));
  await step(
    checkouts,
    () =>
      reservations
        .reserve(wanted)
        .catch((error: unknown) => (isAlone ? refusedAsInvalid(error) : Promise.reject(error as Error))),
    (checkout, { state, shortages }) => {
      switch (state) {
        case 'reserved':
          toCharge.push(checkout);
          break;
        case 'committed':
          checkout.outcome = { kind: 'completed' };
          break;
        case 'rejected':
          checkout.failure = failure('INSUFFICIENT_STOCK', shortages);
          break;
        case 'expired':
          expired.push(checkout);
          break;
        case 'rolled_back':
          // An earlier run was failing this order. The payment shows why: see `cancel`.
          checkout.failure = failure('RESERVATION_EXPIRED');
          break;
        case 'items_mismatch':
        case 'unknown':
          checkout.outcome = { kind: 'broken', reason: `the inventory answers ${state} to its reservation` };
          break;
      }
    },
  );
  return { toCharge, expired };
}

export async function commit(reservations: Reservations, charged: readonly Checkout[]): Promise<void> {
  await step(
    charged,
    () => reservations.commit(idsOf(charged)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else checkout.failure = failure('RESERVATION_EXPIRED'); // it expired, and the stock went to other orders
    },
  );
}

/** @returns the checkouts that took no stock; only their payments may be cancelled */
export async function rollBack(reservations: Reservations, failing: readonly Checkout[]): Promise<Checkout[]> {
  const released: Checkout[] = [];
  await step(
    failing,
    () => reservations.rollBack(idsOf(failing)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else released.push(checkout);
    },
  );
  return released;
}
