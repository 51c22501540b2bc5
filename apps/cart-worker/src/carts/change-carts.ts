import type { CartChangeReply } from '@souk/contracts';
import type { Transaction } from '@souk/database';
import type { Stock } from '../inventory';
import { clientsOf, type CartChangeJob } from '../job-kinds';
import { countLines, readLines, writeCartChanges, type LineKey } from './cart-store';
import { decideCartChanges } from './decide-cart-changes';

/**
 * Applies changes, in order, to carts that are already locked.
 * @param options.stockAnswer may resolve while the carts are being read
 * @param options.linesMax maximum number of lines in a cart
 * @returns the reply to each job, by its id
 */
export async function changeCarts(
  tx: Transaction,
  jobs: readonly CartChangeJob[],
  { stockAnswer, linesMax }: { stockAnswer: Promise<Stock>; linesMax: number },
): Promise<(readonly [jobID: string, CartChangeReply])[]> {
  const [carts, lineCounts, stock] = await Promise.all([
    readLines(tx, distinctLines(jobs)),
    countLines(tx, clientsOf(jobs.filter(({ type }) => type !== 'remove-cart-item'))),
    stockAnswer,
  ]);
  const { replies, changes } = decideCartChanges({ carts, lineCounts, stock, linesMax }, jobs);
  writeCartChanges(tx, changes);
  return jobs.map(({ id }, index) => [id, replies[index]!] as const);
}

function distinctLines(jobs: readonly CartChangeJob[]): LineKey[] {
  const keys = jobs.map(({ data }): LineKey => [data.clientID, data.productID]);
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
