import type { Database } from '@souk/database';
import { writeOutbox, type OutboxRelay } from '@souk/messaging';
import { toCheckoutJob } from './order-messages';
import { claimOverdueOrders } from './order-store';

/** Maximum number of orders per transaction. */
const BATCH_ORDERS_MAX = 100;
/** Maximum number of transactions per run; the next run follows shortly. */
const BATCHES_MAX = 50;

/**
 * Resends the jobs of orders that have been processing for too long. The ids stay the same, so the outcome is the same
 * whatever happened to the first job.
 * @returns the number of jobs sent
 */
export async function recheckOrders(deps: {
  db: Database;
  outbox: Pick<OutboxRelay, 'nudge'>;
  recheckSeconds: number;
}): Promise<number> {
  let count = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const { orderCount, entries } = await deps.db.transaction(async (tx) => {
      const overdueOrders = await claimOverdueOrders(tx, deps.recheckSeconds, BATCH_ORDERS_MAX);
      return { orderCount: overdueOrders.length, entries: writeOutbox(tx, overdueOrders.map(toCheckoutJob)) };
    });
    deps.outbox.nudge(entries);
    if (orderCount === 0) break;
    count += orderCount;
  }
  return count;
}
