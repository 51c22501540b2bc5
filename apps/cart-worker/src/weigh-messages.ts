import type { CartJob, CheckoutResult } from '@souk/contracts';
import type { Database } from '@souk/database';
import { countLines } from './cart-store';
import { countItems } from './order-store';

/** @returns the lines that each job is about: those of the cart for a check-out, one for the others */
export async function weighCartJobs(db: Database, jobs: readonly CartJob[]): Promise<number[]> {
  const clientIDs = jobs.flatMap((job) => (job.type === 'check-out' ? [job.data.clientID] : []));
  const lineCounts = await countLines(db, clientIDs);
  return jobs.map((job) => (job.type === 'check-out' ? Math.max(1, lineCounts.get(job.data.clientID) ?? 0) : 1));
}

/** @returns the lines of the order of each result */
export async function weighCheckoutResults(db: Database, results: readonly CheckoutResult[]): Promise<number[]> {
  const itemCounts = await countItems(
    db,
    results.map(({ data }) => data.orderID),
  );
  return results.map(({ data }) => itemCounts.get(data.orderID) ?? 1);
}
