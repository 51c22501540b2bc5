import type { Queryable } from '@souk/database';

/** Maximum number of rows changed or deleted by one statement. */
export const CHUNK_ROWS = 1_000;

/**
 * Cancels a chunk of the pending deliveries of an account whose webhook was removed or disabled, except those that became pending
 * under a webhook registered since.
 * @returns the number of deliveries; fewer than CHUNK_ROWS for the last chunk
 */
export const cancelPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(
    `UPDATE webhook_delivery SET state = 'cancelled', claim_id = NULL, due_at = NULL, ended_at = NOW(3)
      WHERE state = 'pending' AND account_id = ?
        AND pending_since < COALESCE((SELECT created_at FROM webhook WHERE account_id = ? AND disabled_at IS NULL), '9999-12-31')
      LIMIT ${CHUNK_ROWS}`,
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

/** The form of a delivery id. Text with other characters can't be compared with the ids in the table. */
const DELIVERY_ID = /^[0-9a-f-]{36}$/;

const PENDING_AGAIN = "state = 'pending', tries = 0, due_at = NOW(3), pending_since = NOW(3), ended_at = NULL";

/**
 * Makes a delivery pending again, for as long as a new one. An attempt in progress continues.
 * @returns whether the delivery exists
 */
export async function makePending(tx: Queryable, accountId: string, deliveryId: string): Promise<boolean> {
  if (!DELIVERY_ID.test(deliveryId)) return false;
  const [row] = await tx.rows<{ claim_id: string | null }>(
    'SELECT claim_id FROM webhook_delivery WHERE id = ? AND account_id = ? FOR UPDATE',
    [deliveryId, accountId],
  );
  if (!row) return false;
  const changes = row.claim_id === null ? PENDING_AGAIN : 'pending_since = NOW(3)';
  await tx.write(`UPDATE webhook_delivery SET ${changes} WHERE id = ?`, [deliveryId]);
  return true;
}

/**
 * Makes a chunk of an account's dead deliveries pending again.
 * @returns the number of deliveries; fewer than CHUNK_ROWS for the last chunk
 */
export const makeDeadPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(`UPDATE webhook_delivery SET ${PENDING_AGAIN} WHERE state = 'dead' AND account_id = ? LIMIT ${CHUNK_ROWS}`, [
    accountId,
  ]);

/** The last attempt is due when the retry time ends. This leaves time to make it before the delivery counts as overdue. */
const LAST_ATTEMPT_MS = 60_000;

/**
 * Declares a chunk of deliveries dead whose retry time ended before they were attempted again, for example because a hanging receiver
 * takes fewer than are queued. Attempts in progress continue unless their lease has expired.
 * @returns the number of deliveries; fewer than CHUNK_ROWS for the last chunk
 */
export async function endOverdue(tx: Queryable, retryForMs: number): Promise<number> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM webhook_delivery FORCE INDEX (by_age)
      WHERE state = 'pending' AND pending_since < NOW(3) - INTERVAL ? MICROSECOND AND (claim_id IS NULL OR due_at <= NOW(3))
      ORDER BY pending_since LIMIT ${CHUNK_ROWS} FOR UPDATE SKIP LOCKED`,
    [(retryForMs + LAST_ATTEMPT_MS) * 1_000],
  );
  if (rows.length === 0) return 0;
  return tx.write(
    "UPDATE webhook_delivery FORCE INDEX (PRIMARY) SET state = 'dead', claim_id = NULL, due_at = NULL, ended_at = NOW(3) WHERE id IN (?)",
    [rows.map(({ id }) => id)],
  );
}

/**
 * Deletes a chunk of the deliveries that ended more than `keptDays` ago, with their attempts.
 * @returns the number of deliveries; fewer than CHUNK_ROWS for the last chunk
 */
export async function purgeDeliveries(tx: Queryable, keptDays: number): Promise<number> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM webhook_delivery FORCE INDEX (by_end) WHERE ended_at < NOW(3) - INTERVAL ? DAY
      ORDER BY ended_at LIMIT ${CHUNK_ROWS} FOR UPDATE SKIP LOCKED`,
    [keptDays],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await tx.write('DELETE a FROM webhook_attempt a FORCE INDEX (by_delivery) WHERE a.delivery_id IN (?)', [ids]);
  await tx.write('DELETE d FROM webhook_delivery d FORCE INDEX (PRIMARY) WHERE d.id IN (?)', [ids]);
  return rows.length;
}
