import type { CheckoutJob } from '@souk/contracts';
import type { Checkout, CheckoutOutcome } from './checkout';
import { cancel, charge, findCharged } from './checkout-money';
import { commit, reserve, rollBack } from './checkout-stock';
import type { PaymentProvider } from './payment-provider';
import type { Reservations } from './reservations';

export interface RunCheckoutsDeps {
  reservations: Reservations;
  payments: PaymentProvider;
  /** The provider knows the order's payment with another payer, payee or amount: somebody has to look. */
  onPaymentMismatch(orderID: string): void;
}

/**
 * Runs checkouts together, one call a step for all of them: reserve, charge, commit; those that fail are rolled back, then
 * cancelled. The worker keeps nothing: run again with the same job, every step answers what it answered, and the end is the
 * same. The reservation is the arbiter: commit only after a charge, and fail only after a rollback that took nothing.
 * @returns one outcome a job, in order; never throws for a participant that is down
 */
export async function runCheckouts(deps: RunCheckoutsDeps, jobs: readonly CheckoutJob[]): Promise<CheckoutOutcome[]> {
  const byOrder = new Map<string, Checkout>(jobs.map(({ data, actor }) => [data.orderID, { order: data, actor }]));
  const all = [...byOrder.values()];

  const { toCharge, expired } = await reserve(deps.reservations, all);
  const chargedBefore = await findCharged(deps.payments, expired);
  const charged = await charge(deps, toCharge);
  await commit(deps.reservations, [...charged, ...chargedBefore]);

  const failing = all.filter((checkout) => checkout.failure && !checkout.outcome);
  const toCancel = await rollBack(deps.reservations, failing);
  await cancel(deps.payments, toCancel);

  return jobs.map(({ data }) => byOrder.get(data.orderID)!.outcome ?? { kind: 'waiting', reason: 'not decided yet' });
}
