import { overwrite, type Queryable } from '@souk/database';

/** How a redelivery ended. */
export type RedeliveryOutcome = 'DONE' | 'WEBHOOK_NOT_FOUND' | 'DELIVERY_NOT_FOUND';

/** The progress of a redelivery. */
export interface Redelivery {
  redelivered: number;
  /** `null` while there may be more deliveries to redeliver. */
  outcome: RedeliveryOutcome | null;
}

/**
 * The sorted ids of a redelivery with an idempotency key: its own, and those that an earlier release gives it, which may still run in
 * another replica. The ids depend on the account and the delivery, so no other redelivery shares them.
 */
export type RedeliveryIds = readonly string[];

/**
 * Locks a redelivery under all its ids, in order, until the end of the transaction. Waits for other transactions that have locked it.
 * @returns the progress of the redelivery
 */
export async function lockRedelivery(tx: Queryable, ids: RedeliveryIds): Promise<Redelivery> {
  // Not INSERT IGNORE: it takes a shared lock on an existing row, and two transactions would deadlock when they upgrade it.
  await tx.write('INSERT INTO webhook_redelivery (id) VALUES ? ON DUPLICATE KEY UPDATE id = webhook_redelivery.id', [
    ids.map((id) => [id]),
  ]);
  const rows = await tx.rows<Redelivery>('SELECT redelivered, outcome FROM webhook_redelivery WHERE id IN (?)', [ids]);
  // A replica of an earlier release saves its progress under only one of the ids.
  return rows.reduce((furthest, row) => (isFurther(row, furthest) ? row : furthest));
}

const isFurther = (a: Redelivery, b: Redelivery): boolean =>
  b.outcome === null && (a.outcome !== null || a.redelivered > b.redelivered);

/** Saves the progress of a redelivery. */
export async function saveRedelivery(
  tx: Queryable,
  ids: RedeliveryIds,
  { redelivered, outcome }: Redelivery,
): Promise<void> {
  // The rows exist and are locked, so this only updates.
  await tx.upsert(
    'webhook_redelivery (id, redelivered, outcome)',
    ids.map((id) => [id, redelivered, outcome]),
    overwrite('redelivered', 'outcome'),
  );
}
