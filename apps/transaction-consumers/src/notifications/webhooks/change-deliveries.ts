import type { Queryable } from '@souk/database';

/** Rows changed or deleted by one statement. */
export const CHUNK = 1_000;

/**
 * Ends what is pending of an account whose webhook was removed or disabled, a chunk of it; what became pending under a webhook that was
 * registered since is left. @returns how many; less than CHUNK when it was the last
 */
export const cancelPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(
    `UPDATE webhook_delivery SET state = 'cancelled', claim_id = NULL, due_at = NULL, ended_at = NOW(3)
      WHERE state = 'pending' AND account_id = ?
        AND pending_since < COALESCE((SELECT created_at FROM webhook WHERE account_id = ? AND disabled_at IS NULL), '9999-12-31')
      LIMIT ${CHUNK}`,
    [accountId, accountId],
  );

/** @returns accounts with pending deliveries but no enabled webhook: it was disabled, or its removal was interrupted */
export async function accountsWithoutWebhook(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.rows<{ account_id: string }>(
    `SELECT d.account_id FROM (SELECT account_id FROM webhook_delivery WHERE state = 'pending' GROUP BY account_id) d
       LEFT JOIN webhook w ON w.account_id = d.account_id AND w.disabled_at IS NULL WHERE w.account_id IS NULL LIMIT ?`,
    [limit],
  );
  return rows.map(({ account_id }) => account_id);
}

/** Another text can not be compared with the ids of the table. */
const ID = /^[0-9a-f-]{36}$/;

const PENDING_ANEW = "state = 'pending', tries = 0, due_at = NOW(3), pending_since = NOW(3), ended_at = NULL";

/**
 * Makes one delivery pending, for as long as a new one; what is under way goes on.
 * @returns whether there is such a delivery
 */
export async function makePending(tx: Queryable, accountId: string, deliveryId: string): Promise<boolean> {
  if (!ID.test(deliveryId)) return false;
  const [row] = await tx.rows<{ claim_id: string | null }>(
    'SELECT claim_id FROM webhook_delivery WHERE id = ? AND account_id = ? FOR UPDATE',
    [deliveryId, accountId],
  );
  if (!row) return false;
  const anew = row.claim_id === null ? PENDING_ANEW : 'pending_since = NOW(3)';
  await tx.write(`UPDATE webhook_delivery SET ${anew} WHERE id = ?`, [deliveryId]);
  return true;
}

/** Makes what was given up of an account pending, a chunk of it. @returns how many; less than CHUNK when it was the last */
export const makeDeadPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(`UPDATE webhook_delivery SET ${PENDING_ANEW} WHERE state = 'dead' AND account_id = ? LIMIT ${CHUNK}`, [
    accountId,
  ]);

/** A last attempt is due when the time for tries ends: it is made before its delivery is given up without one. */
const LAST_ATTEMPT_MS = 60_000;

/**
 * Gives up deliveries whose time for tries is over, and whose turn never came: a receiver that hangs takes fewer than are queued.
 * What is under way is left, unless its lease is over. @returns how many; less than CHUNK when it was the last
 */
export async function endOverdue(tx: Queryable, retryForMs: number): Promise<number> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM webhook_delivery FORCE INDEX (by_age)
      WHERE state = 'pending' AND pending_since < NOW(3) - INTERVAL ? MICROSECOND AND (claim_id IS NULL OR due_at <= NOW(3))
      ORDER BY pending_since LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED`,
    [(retryForMs + LAST_ATTEMPT_MS) * 1_000],
  );
  if (rows.length === 0) return 0;
  return tx.write(
    "UPDATE webhook_delivery FORCE INDEX (PRIMARY) SET state = 'dead', claim_id = NULL, due_at = NULL, ended_at = NOW(3) WHERE id IN (?)",
    [rows.map(({ id }) => id)],
  );
}

/** Deletes deliveries that ended so long ago, with their attempts, a chunk of them. @returns how many; less than CHUNK when it was the last */
export async function purgeDeliveries(tx: Queryable, keptDays: number): Promise<number> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM webhook_delivery FORCE INDEX (by_end) WHERE ended_at < NOW(3) - INTERVAL ? DAY
      ORDER BY ended_at LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED`,
    [keptDays],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await tx.write('DELETE a FROM webhook_attempt a FORCE INDEX (by_delivery) WHERE a.delivery_id IN (?)', [ids]);
  await tx.write('DELETE d FROM webhook_delivery d FORCE INDEX (PRIMARY) WHERE d.id IN (?)', [ids]);
  return rows.length;
}
