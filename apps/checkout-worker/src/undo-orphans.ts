import { idsOf, runStep, type CheckoutOutcome } from './checkout';
import type { PaymentProvider, PaymentState } from './payments/payment-provider';
import type { Reservations } from './reservations';

/** A checkout whose order doesn't exist. */
export interface Orphan {
  orderID: string;
  outcome?: CheckoutOutcome;
}

/**
 * Rolls back and refunds checkouts whose orders don't exist, and blocks their later effects. Without an order the reservation
 * decides nothing, so the payment is refunded even if the stock was committed. Committed stock can't be returned here; the
 * reason says that it stays taken.
 */
export async function undoOrphans(
  { reservations, payments }: { reservations: Reservations; payments: PaymentProvider },
  orphans: readonly Orphan[],
): Promise<void> {
  const committed = new Set<Orphan>();
  const rolledBack: Orphan[] = [];
  await runStep(
    orphans,
    () => reservations.rollBack(idsOf(orphans)),
    (orphan, state) => {
      rolledBack.push(orphan);
      if (state === 'committed') committed.add(orphan);
    },
  );
  await runStep(
    rolledBack,
    () => payments.cancel(idsOf(rolledBack)),
    (orphan, state) => (orphan.outcome = { kind: 'broken', reason: describe(orphan, state, committed.has(orphan)) }),
  );
}

function describe({ orderID }: Orphan, payment: PaymentState, isStockTaken: boolean): string {
  const money = payment === 'refunded' ? 'its payment was refunded' : 'nothing was charged';
  const stock = isStockTaken ? 'its stock stays taken: return it by hand' : 'it holds no stock';
  return `order ${orderID} doesn't exist; ${money}, ${stock}`;
}
