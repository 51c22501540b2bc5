import type { Database, Queryable } from '@souk/database';
import { lockWebhook } from '../webhook-store';
import { CHUNK_ROWS, makeDeadPending, makePending } from './delivery-store';
import {
  lockRedelivery,
  saveRedelivery,
  type Redelivery,
  type RedeliveryIds,
  type RedeliveryOutcome,
} from './redelivery-store';

type RedeliverResult = { isReplay: boolean } & (
  { ok: true; redelivered: number } | { ok: false; code: Exclude<RedeliveryOutcome, 'DONE'> }
);

interface RedeliverCommand {
  accountId: string;
  /** Set if the request has an idempotency key, so that the redelivery must happen only once. */
  redeliveryIds?: RedeliveryIds | undefined;
}

/**
 * Queues a delivery again, whatever its outcome.
 * @returns the number of redelivered deliveries; or WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliver = (
  { db }: { db: Database },
  { accountId, deliveryId, redeliveryIds }: RedeliverCommand & { deliveryId: string },
): Promise<RedeliverResult> =>
  runInSteps(db, redeliveryIds, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const exists = await makePending(tx, accountId, deliveryId);
    return exists ? { redelivered: 1, outcome: 'DONE' } : { redelivered: 0, outcome: 'DELIVERY_NOT_FOUND' };
  });

/**
 * Queues all dead deliveries of an account again.
 * @returns the number of redelivered deliveries; or WEBHOOK_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliverDead = (
  { db }: { db: Database },
  { accountId, redeliveryIds }: RedeliverCommand,
): Promise<RedeliverResult> =>
  runInSteps(db, redeliveryIds, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const redelivered = await makeDeadPending(tx, accountId);
    return { redelivered, outcome: redelivered < CHUNK_ROWS ? 'DONE' : null };
  });

/**
 * Runs a redelivery in steps. Each step is a transaction, which also records the progress of a redelivery with a key: a repeat of an
 * interrupted or running redelivery continues from there and gets the same answer.
 */
async function runInSteps(
  db: Database,
  ids: RedeliveryIds | undefined,
  step: (tx: Queryable) => Promise<Redelivery>,
): Promise<RedeliverResult> {
  for (let redelivered = 0; ;) {
    const progress = await db.transaction(async (tx) => {
      const before = ids ? await lockRedelivery(tx, ids) : { redelivered, outcome: null };
      if (before.outcome) return { ...before, isReplay: true };
      const stepResult = await step(tx);
      const total = { ...stepResult, redelivered: before.redelivered + stepResult.redelivered };
      if (ids) await saveRedelivery(tx, ids, total);
      return { ...total, isReplay: false };
    });
    ({ redelivered } = progress);
    if (progress.outcome) return resultOf(progress.outcome, progress);
  }
}

const resultOf = (
  outcome: RedeliveryOutcome,
  { redelivered, isReplay }: { redelivered: number; isReplay: boolean },
): RedeliverResult =>
  outcome === 'DONE' ? { ok: true, redelivered, isReplay } : { ok: false, code: outcome, isReplay };
