import type { CheckoutJob, FailCheckoutJob } from '@souk/contracts';
import { failure, waitingFor, type Checkout, type CheckoutOutcome } from './checkout';
import { cancel, charge, findCharged } from './checkout-money';
import { commit, reserve, rollBack } from './checkout-stock';
import type { Orders } from './orders';
import type { PaymentProvider } from './payments/payment-provider';
import type { Reservations } from './reservations';
import { undoOrphans, type Orphan } from './undo-orphans';

export interface RunCheckoutsDeps {
  orders: Orders;
  reservations: Reservations;
  payments: PaymentProvider;
  /** The provider knows the order's payment with another payer, payee or amount, which needs an operator's attention. */
  onPaymentMismatch(orderID: string): void;
}

/** The parts of an order that rolling back and cancelling need. */
const withoutItems = (data: FailCheckoutJob['data']): Checkout['order'] => ({
  ...data,
  clientID: '',
  items: [],
  currency: '',
});

/**
 * Runs checkouts together, one call per step for all of them: reserve, charge, commit. Those that fail are rolled back, then
 * cancelled. The worker keeps no state: when the same job runs again, every step repeats its answer and the outcome is the same.
 * The reservation is the arbiter: commit only after a charge, and fail only after a rollback that found no stock taken.
 *
 * Nothing is charged for an order that doesn't exist or is to be cancelled. The cart worker is queried while the stock is being
 * reserved, so this takes no extra time.
 * @returns one outcome per job, in order; never throws because a participant is down
 */
export async function runCheckouts(deps: RunCheckoutsDeps, jobs: readonly CheckoutJob[]): Promise<CheckoutOutcome[]> {
  const checkouts = new Map<string, Checkout>();
  for (const { type, data, actor } of jobs)
    if (type === 'run-checkout') checkouts.set(data.orderID, { order: data, actor });
    else if (type === 'fail-checkout' && !checkouts.has(data.orderID))
      checkouts.set(data.orderID, { order: withoutItems(data), actor, failure: failure('ORDER_TOO_LARGE') });
  const all = [...checkouts.values()];
  const orderIDs = [...new Set(jobs.map(({ data }) => data.orderID))];

  const [{ toCharge, expired }, existing] = await Promise.all([
    reserve(
      deps.reservations,
      all.filter((checkout) => !checkout.failure),
    ),
    deps.orders.find(orderIDs).catch(waitingFor),
  ]);
  if ('kind' in existing) return jobs.map(() => existing);
  const known = all.filter(({ order }) => existing.has(order.orderID));
  for (const checkout of known)
    if (existing.get(checkout.order.orderID)!.isCancelling) checkout.failure = failure('CANCELLED');
  const isGoing = (checkout: Checkout) => existing.has(checkout.order.orderID) && !checkout.failure;

  const chargedBefore = await findCharged(deps.payments, expired.filter(isGoing));
  const charged = await charge(deps, toCharge.filter(isGoing));
  await commit(deps.reservations, [...charged, ...chargedBefore]);

  const failing = known.filter((checkout) => checkout.failure && !checkout.outcome);
  const toCancel = await rollBack(deps.reservations, failing);
  await cancel(deps.payments, toCancel);

  const missing = orderIDs.filter((orderID) => !existing.has(orderID));
  const orphans = new Map(missing.map((orderID): [string, Orphan] => [orderID, { orderID }]));
  await undoOrphans(deps, [...orphans.values()]);

  return jobs.map(({ type, data: { orderID } }) => {
    const undecided: CheckoutOutcome = { kind: 'waiting', reason: 'not decided yet' };
    if (orphans.has(orderID)) return orphans.get(orderID)!.outcome ?? undecided;
    if (type === 'undo-checkout') return { kind: 'broken', reason: `order ${orderID} exists, so it isn't undone` };
    return checkouts.get(orderID)!.outcome ?? undecided;
  });
}
