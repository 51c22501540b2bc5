import type { Database, Queryable } from '@souk/database';
import { CHUNK, makeDeadPending, makePending } from './change-deliveries';
import { keepRedelivery, lockRedelivery, type Redelivery, type RedeliveryOutcome } from './redelivery-store';
import { lockWebhook } from './webhook-store';

export type RedeliverResult = { isReplay: boolean } & (
  { ok: true; redelivered: number } | { ok: false; code: Exclude<RedeliveryOutcome, 'DONE'> }
);

interface Asked {
  accountId: string;
  /** Of a redelivery that is made once, however often it is asked for. */
  redeliveryId?: string | undefined;
}

/**
 * Has a delivery made once more, whatever became of it.
 * @returns how many; or WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliver = (
  { db }: { db: Database },
  { accountId, deliveryId, redeliveryId }: Asked & { deliveryId: string },
): Promise<RedeliverResult> =>
  inSteps(db, redeliveryId, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const isThere = await makePending(tx, accountId, deliveryId);
    return isThere ? { redelivered: 1, outcome: 'DONE' } : { redelivered: 0, outcome: 'DELIVERY_NOT_FOUND' };
  });

/**
 * Has all that was given up of an account delivered once more.
 * @returns how many; or WEBHOOK_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliverDead = ({ db }: { db: Database }, { accountId, redeliveryId }: Asked): Promise<RedeliverResult> =>
  inSteps(db, redeliveryId, async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { redelivered: 0, outcome: 'WEBHOOK_NOT_FOUND' };
    const redelivered = await makeDeadPending(tx, accountId);
    return { redelivered, outcome: redelivered < CHUNK ? 'DONE' : null };
  });

/**
 * Each step is a transaction. How far a redelivery with an id is, is written with it: who asks again after it broke off, or
 * meanwhile, goes on from there, and all of them are told the same.
 */
async function inSteps(
  db: Database,
  id: string | undefined,
  step: (tx: Queryable) => Promise<Redelivery>,
): Promise<RedeliverResult> {
  for (let redelivered = 0; ;) {
    const after = await db.transaction(async (tx) => {
      const before = id === undefined ? { redelivered, outcome: null } : await lockRedelivery(tx, id);
      if (before.outcome) return { ...before, isReplay: true };
      const made = await step(tx);
      const sum = { ...made, redelivered: before.redelivered + made.redelivered };
      if (id !== undefined) await keepRedelivery(tx, id, sum);
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
