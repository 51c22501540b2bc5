import type { Queryable } from '@souk/database';
import { digestOf } from '@souk/service';
import { CHUNK } from './change-deliveries';

/** What a redelivery came to. */
export type RedeliveryOutcome = 'DONE' | 'WEBHOOK_NOT_FOUND' | 'DELIVERY_NOT_FOUND';

/** How far a redelivery is. */
export interface Redelivery {
  redelivered: number;
  /** `null` while there may be more. */
  outcome: RedeliveryOutcome | null;
}

/** @returns what names a redelivery that was asked for with a key; the same key of another caller or route is another one */
export const redeliveryId = (caller: string, route: string, key: string): string =>
  digestOf(caller, route, key).toString('hex');

/** Locks a redelivery until the end of the transaction; whoever holds it is waited for. @returns how far it is */
export async function lockRedelivery(tx: Queryable, id: string): Promise<Redelivery> {
  // Not INSERT IGNORE, which shares the lock of a row that is there: two that share it can't both go on to write.
  await tx.write('INSERT INTO webhook_redelivery (id) VALUES (?) ON DUPLICATE KEY UPDATE id = VALUES(id)', [id]);
  const [row] = await tx.rows<Redelivery>('SELECT redelivered, outcome FROM webhook_redelivery WHERE id = ?', [id]);
  return row!;
}

export async function keepRedelivery(tx: Queryable, id: string, { redelivered, outcome }: Redelivery): Promise<void> {
  await tx.write('UPDATE webhook_redelivery SET redelivered = ?, outcome = ? WHERE id = ?', [redelivered, outcome, id]);
}

/** Forgets redeliveries that were asked for so long ago, a chunk of them. @returns how many; less than CHUNK when it was the last */
export const purgeRedeliveries = (tx: Queryable, keptDays: number): Promise<number> =>
  tx.write(`DELETE FROM webhook_redelivery WHERE created_at < NOW(3) - INTERVAL ? DAY LIMIT ${CHUNK}`, [keptDays]);
