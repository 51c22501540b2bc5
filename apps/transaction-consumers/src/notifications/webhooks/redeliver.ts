import type { Database } from '@souk/database';
import { CHUNK, makeDeadPending, makePending } from './change-deliveries';
import { lockWebhook } from './webhook-store';

export type RedeliverResult =
  { ok: true; redelivered: number } | { ok: false; code: 'WEBHOOK_NOT_FOUND' | 'DELIVERY_NOT_FOUND' };

/**
 * Has a delivery made once more, whatever became of it.
 * @returns how many; or WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export const redeliver = (
  { db }: { db: Database },
  { accountId, deliveryId }: { accountId: string; deliveryId: string },
): Promise<RedeliverResult> =>
  db.transaction(async (tx) => {
    if (!(await lockWebhook(tx, accountId))) return { ok: false, code: 'WEBHOOK_NOT_FOUND' };
    const isThere = await makePending(tx, accountId, deliveryId);
    return isThere ? { ok: true, redelivered: 1 } : { ok: false, code: 'DELIVERY_NOT_FOUND' };
  });

/**
 * Has all that was given up of an account delivered once more.
 * @returns how many; or WEBHOOK_NOT_FOUND
 * @throws AppError `unavailable`, `timeout`
 */
export async function redeliverDead({ db }: { db: Database }, accountId: string): Promise<RedeliverResult> {
  for (let redelivered = 0; ;) {
    // A transaction a chunk; whatever dies in between is done again by asking again.
    const chunk = await db.transaction(async (tx) =>
      (await lockWebhook(tx, accountId)) ? makeDeadPending(tx, accountId) : undefined,
    );
    if (chunk === undefined) return { ok: false, code: 'WEBHOOK_NOT_FOUND' };
    redelivered += chunk;
    if (chunk < CHUNK) return { ok: true, redelivered };
  }
}
