import type { CartChangeReply } from '@souk/contracts';
import type { Queryable, Transaction } from '@souk/database';
import type { CartChangeJob } from '../job-kinds';
import {
  readLinesAndCounts,
  writeCartChanges,
  type CartChange,
  type Carts,
  type LineKey,
  type LinesAndCounts,
} from './cart-store';
import { decideCartChanges, type CartsState } from './decide-cart-changes';

/** Reads the lines that these jobs change, and counts the lines of these clients' carts. */
export function readLinesToChange(
  db: Queryable,
  jobs: readonly CartChangeJob[],
  countedClientIDs: readonly string[],
): Promise<LinesAndCounts> {
  const keys = jobs.map(({ data }): LineKey => [data.clientID, data.productID]);
  const distinctKeys = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  return readLinesAndCounts(db, distinctKeys, countedClientIDs);
}

/**
 * Applies changes, in order, to carts that are locked.
 * @returns the reply to each job, by its id, and the net changes
 */
export function changeCarts(
  tx: Transaction,
  jobs: readonly CartChangeJob[],
  state: CartsState,
): { replies: (readonly [jobID: string, CartChangeReply])[]; changes: CartChange[] } {
  const { replies, changes } = decideCartChanges(state, jobs);
  writeCartChanges(tx, changes);
  return { replies: jobs.map(({ id }, index) => [id, replies[index]!] as const), changes };
}

/** Applies changes to those of the clients' carts that are in memory. */
export function applyToCarts(carts: Carts, changes: readonly CartChange[]): void {
  for (const { clientID, productID, change } of changes) {
    const cart = carts.get(clientID);
    if (!cart) continue;
    if (change.kind === 'remove') cart.delete(productID);
    else {
      const quantityBefore = change.kind === 'add' ? (cart.get(productID) ?? 0) : 0;
      cart.set(productID, quantityBefore + change.quantity);
    }
  }
}
