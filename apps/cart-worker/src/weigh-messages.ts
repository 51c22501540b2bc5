import type { CartJob, CheckoutResult } from '@souk/contracts';
import type { Database } from '@souk/database';
import { countLines } from './carts/cart-store';
import { clientsOf, isCheckOut, isOrderJob, orderIDOf } from './job-kinds';
import { countItems } from './orders/order-rows';

/**
 * Counts the lines that each job reads. A checkout reads its cart and any order that it created earlier; a cancellation reads
 * its order.
 * @returns the number of lines per job, at least 1
 */
export async function weighCartJobs(db: Database, jobs: readonly CartJob[]): Promise<number[]> {
  const [lineCounts, itemCounts] = await Promise.all([
    countLines(db, clientsOf(jobs.filter(isCheckOut))),
    countItems(db, jobs.filter(isOrderJob).map(orderIDOf)),
  ]);
  return jobs.map((job) => {
    const cartLines = isCheckOut(job) ? (lineCounts.get(job.data.clientID) ?? 0) : 0;
    const orderItems = isOrderJob(job) ? (itemCounts.get(orderIDOf(job)) ?? 0) : 0;
    return Math.max(1, cartLines + orderItems);
  });
}

/** @returns the number of lines in each result's order */
export async function weighCheckoutResults(db: Database, results: readonly CheckoutResult[]): Promise<number[]> {
  const orderIDs = results.map(({ data }) => data.orderID);
  const itemCounts = await countItems(db, orderIDs);
  return orderIDs.map((orderID) => itemCounts.get(orderID) ?? 1);
}
