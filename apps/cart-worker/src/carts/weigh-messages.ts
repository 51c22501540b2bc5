import type { CartJob, CheckoutResult } from '@souk/contracts';
import type { Database } from '@souk/database';
import { countItems } from '../orders/order-store';
import { orderIDOf } from './apply-cart-jobs';
import { countLines } from './cart-store';

/**
 * @returns the number of lines that each job reads, at least one: for a checkout those of the cart and of the order it created
 * earlier, for a cancellation those of the order
 */
export async function weighCartJobs(db: Database, jobs: readonly CartJob[]): Promise<number[]> {
  const [lineCounts, itemCounts] = await Promise.all([
    countLines(
      db,
      jobs.flatMap((job) => (job.type === 'check-out' ? [job.data.clientID] : [])),
    ),
    countItems(
      db,
      jobs.flatMap((job) => orderIDOf(job) ?? []),
    ),
  ]);
  return jobs.map((job) => {
    const inCart = job.type === 'check-out' ? (lineCounts.get(job.data.clientID) ?? 0) : 0;
    return Math.max(1, inCart + (itemCounts.get(orderIDOf(job) ?? '') ?? 0));
  });
}

/** @returns the number of lines in each result's order */
export async function weighCheckoutResults(db: Database, results: readonly CheckoutResult[]): Promise<number[]> {
  const itemCounts = await countItems(
    db,
    results.map(({ data }) => data.orderID),
  );
  return results.map(({ data }) => itemCounts.get(data.orderID) ?? 1);
}
