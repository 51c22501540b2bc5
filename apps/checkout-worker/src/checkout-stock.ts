import { AppError } from '@souk/service';
import { failure, idsOf, runStep, type Checkout, type RunnableCheckout } from './checkout';
import type { Reservations, ReserveOutcome } from './reservations';

/**
 * Treats an order that the inventory calls invalid as short of stock: it requests more than the inventory can ever hold. Only
 * for a call with a single order, because the error applies to the whole call.
 */
function rejectIfInvalid(error: unknown): ReserveOutcome[] {
  if (error instanceof AppError && error.kind === 'invalid') return [{ state: 'rejected', shortages: [] }];
  throw error;
}

/** @returns the checkouts to charge, and those whose reservation has expired */
export async function reserve(
  reservations: Reservations,
  checkouts: readonly RunnableCheckout[],
): Promise<{ toCharge: RunnableCheckout[]; expired: Checkout[] }> {
  const toCharge: RunnableCheckout[] = [];
  const expired: Checkout[] = [];
  const isAlone = checkouts.length === 1;
  const requests = checkouts.map(({ orderID, items, actor }) => ({ reserveID: orderID, items, actor }));
  await runStep(
    checkouts,
    () =>
      reservations
        .reserve(requests)
        .catch((error: unknown) => (isAlone ? rejectIfInvalid(error) : Promise.reject(error as Error))),
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
          // An earlier run had begun to fail this order. The payment shows why: see `cancel`.
          checkout.failure = failure('RESERVATION_EXPIRED');
          break;
        case 'items_mismatch':
        case 'unknown':
          checkout.outcome = {
            kind: 'broken',
            reason: `the inventory returned the state ${state} for the reservation`,
          };
          break;
      }
    },
  );
  return { toCharge, expired };
}

/** Takes the stock of charged checkouts. */
export async function commit(reservations: Reservations, charged: readonly Checkout[]): Promise<void> {
  await runStep(
    charged,
    () => reservations.commit(idsOf(charged)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else checkout.failure = failure('RESERVATION_EXPIRED'); // it expired, and the stock went to other orders
    },
  );
}

/** Rolls back failing checkouts. @returns those that took no stock; only their payments may be cancelled */
export async function rollBack(reservations: Reservations, failing: readonly Checkout[]): Promise<Checkout[]> {
  const released: Checkout[] = [];
  await runStep(
    failing,
    () => reservations.rollBack(idsOf(failing)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else released.push(checkout);
    },
  );
  return released;
}
