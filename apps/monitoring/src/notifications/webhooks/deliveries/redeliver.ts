import type { Database, Queryable } from '@souk/database';
import { lockWebhook } from '../webhook-store';
import { CHUNK, makeDeadPending, makePending } from './change-deliveries';
import {
  keepRedelivery,
  lockRedelivery,
  type Redelivery,
  type RedeliveryIds,
  type RedeliveryOutcome,
} from './redelivery-store';

export type RedeliverResult = { isReplay: boolean } & (
  { ok: true; redelivered: number } | { ok: false; code: Exclude<RedeliveryOutcome, 'DONE'> }
);

interface Asked {
  accountId: string;
  /** Present if the redelivery has an idempotency key and so must happen only once. */
  redeliveryIds?: RedeliveryIds | undefined;
}

/**
 * Queues a delivery again, whatever its outcome.
 * @returns how many; or WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliver = (
  { db }: { db: Database },
  { accountId, deliveryId, redeliveryIds }: Asked & { deliveryId: string },
): Promise<RedeliverResult> =>
  inSteps(db, redeliveryIds, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const isThere = await makePending(tx, accountId, deliveryId);
    return isThere ? { redelivered: 1, outcome: 'DONE' } : { redelivered: 0, outcome: 'DELIVERY_NOT_FOUND' };
  });

/**
 * Queues all dead deliveries of an account again.
 * @returns how many; or WEBHOOK_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliverDead = (
  { db }: { db: Database },
  { accountId, redeliveryIds }: Asked,
): Promise<RedeliverResult> =>
  inSteps(db, redeliveryIds, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const redelivered = await makeDeadPending(tx, accountId);
    return { redelivered, outcome: redelivered < CHUNK ? 'DONE' : null };
  });

/**
 * Each step is a transaction, which also records the progress of a redelivery with a key: a repeat of an interrupted or running
 * redelivery continues from there and gets the same answer.
 */
async function inSteps(
  db: Database,
  ids: RedeliveryIds | undefined,
  step: (tx: Queryable) => Promise<Redelivery>,
): Promise<RedeliverResult> {
  for (let redelivered = 0; ;) {
    const after = await db.transaction(async (tx) => {
      const before = ids ? await lockRedelivery(tx, ids) : { redelivered, outcome: null };
      if (before.outcome) return { ...before, isReplay: true };
      const made = await step(tx);
      const sum = { ...made, redelivered: before.redelivered + made.redelivered };
      if (ids) await keepRedelivery(tx, ids, sum);
      return { ...sum, isReplay: false };
    });
    ({ redelivered } = after);
    if (after.outcome) return resultOf(after.outcome, after);
  }
}

const resultOf = (
  outcome: RedeliveryOutcome,
  { redelivered, isReplay }: { redelivered: number; isReplay: boolean },
): RedeliverResult =>
  outcome === 'DONE' ? { ok: true, redelivered, isReplay } : { ok: false, code: outcome, isReplay };
