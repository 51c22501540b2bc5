import type { CheckoutJob } from '@souk/contracts';
import {
  failure,
  toFailingCheckout,
  toRunnableCheckout,
  waitingFor,
  type Checkout,
  type CheckoutOutcome,
  type RunnableCheckout,
} from './checkout';
import { cancel, charge, findCharged } from './checkout-money';
import { commit, reserve, rollBack } from './checkout-stock';
import type { Orders } from './orders';
import type { PaymentProvider } from './payments/payment-provider';
import type { Reservations } from './reservations';
import { undoOrphans, type Orphan } from './undo-orphans';

interface RunCheckoutsDeps {
  orders: Orders;
  reservations: Reservations;
  payments: PaymentProvider;
  /** Called when the provider knows the order's payment with another payer, payee or amount: an operator must investigate. */
  onPaymentMismatch(orderID: string): void;
}

/**
 * Runs checkouts together, one call per step for all of them: reserve, charge, commit. Those that fail are rolled back, then
 * cancelled. The worker keeps no state: when a job runs again, a step that was already carried out has no second effect, and a
 * final outcome stays the same. If the reservation has expired by then, the order isn't charged any more: see `findCharged`.
 * The reservation is the arbiter: commit only after a charge, and fail only after a rollback that found no stock taken.
 *
 * Nothing is charged for an order that doesn't exist or is to be cancelled. The cart worker is queried while the stock is being
 * reserved, so this takes no extra time.
 * @returns one outcome per job, in order; never throws because a participant is down
 */
export async function runCheckouts(deps: RunCheckoutsDeps, jobs: readonly CheckoutJob[]): Promise<CheckoutOutcome[]> {
  const { runnable, tooLarge } = checkoutsOf(jobs);
  const orderIDs = [...new Set(jobs.map(({ data }) => data.orderID))];
  const [{ toCharge, expired }, existingOrders] = await Promise.all([
    reserve(deps.reservations, runnable),
    deps.orders.find(orderIDs).catch(waitingFor),
  ]);
  if ('kind' in existingOrders) return jobs.map(() => existingOrders);

  const checkouts = [...runnable, ...tooLarge].filter(({ orderID }) => existingOrders.has(orderID));
  for (const checkout of checkouts)
    if (existingOrders.get(checkout.orderID)!.isCancelling) checkout.failure = failure('CANCELLED');
  const mayComplete = (checkout: Checkout) => existingOrders.has(checkout.orderID) && !checkout.failure;
  const chargedEarlier = await findCharged(deps.payments, expired.filter(mayComplete));
  const charged = await charge(deps, toCharge.filter(mayComplete));
  await commit(deps.reservations, [...charged, ...chargedEarlier]);

  const failing = checkouts.filter(({ failure, outcome }) => failure && !outcome);
  await cancel(deps.payments, await rollBack(deps.reservations, failing));

  const orphans = orderIDs.filter((orderID) => !existingOrders.has(orderID)).map((orderID): Orphan => ({ orderID }));
  await undoOrphans(deps, orphans);

  const outcomes = new Map([...checkouts, ...orphans].map(({ orderID, outcome }) => [orderID, outcome]));
  return jobs.map(({ type, data: { orderID } }) => {
    if (type === 'undo-checkout' && existingOrders.has(orderID))
      return { kind: 'broken', reason: `order ${orderID} exists, so it isn't undone` };
    return outcomes.get(orderID) ?? { kind: 'waiting', reason: 'no outcome yet' };
  });
}

/** The checkouts of a batch, one per order. If a batch has both kinds of job for an order, the order can be run. */
function checkoutsOf(jobs: readonly CheckoutJob[]): { runnable: RunnableCheckout[]; tooLarge: Checkout[] } {
  const runnable = new Map<string, RunnableCheckout>();
  const tooLarge = new Map<string, Checkout>();
  for (const job of jobs) {
    if (job.type === 'run-checkout') runnable.set(job.data.orderID, toRunnableCheckout(job));
    if (job.type === 'fail-checkout') tooLarge.set(job.data.orderID, toFailingCheckout(job));
  }
  for (const orderID of runnable.keys()) tooLarge.delete(orderID);
  return { runnable: [...runnable.values()], tooLarge: [...tooLarge.values()] };
}
