import type { DeliveryState } from '@souk/contracts';
import type { Queryable } from '@souk/database';

/** Attempts of a delivery that are shown. */
const ATTEMPTS_SHOWN = 10;
/** Rows changed or deleted by one statement. */
export const CHUNK = 1_000;

export interface DeliveryAttempt {
  at: Date;
  /** Of HTTP; `null` without an answer. */
  status: number | null;
  /** `null` where it was delivered. */
  error: string | null;
  /** How the answer began. */
  response: string;
  durationMs: number;
}

export interface Delivery {
  id: string;
  sequence: number;
  type: string;
  state: DeliveryState;
  /** The latest, newest first. */
  attempts: DeliveryAttempt[];
  createdAt: Date;
  dueAt: Date | null;
  endedAt: Date | null;
}

/** @returns deliveries of an account, newest first, only those before a place */
export async function listDeliveries(
  db: Queryable,
  { accountId, before, limit }: { accountId: string; before: number; limit: number },
): Promise<Delivery[]> {
  const rows = await db.rows<{
    id: string;
    sequence: number;
    type: string;
    state: DeliveryState;
    created_at: Date;
    due_at: Date | null;
    ended_at: Date | null;
  }>(
    `SELECT id, sequence, type, state, created_at, due_at, ended_at FROM webhook_delivery
      WHERE account_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
    [accountId, before, limit],
  );
  if (rows.length === 0) return [];
  const attempts = await latestAttempts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ created_at, due_at, ended_at, ...same }) => ({
    ...same,
    attempts: attempts.get(same.id) ?? [],
    createdAt: created_at,
    dueAt: due_at,
    endedAt: ended_at,
  }));
}

async function latestAttempts(db: Queryable, deliveryIds: readonly string[]): Promise<Map<string, DeliveryAttempt[]>> {
  const rows = await db.rows<{
    delivery_id: string;
    created_at: Date;
    status: number | null;
    error: string | null;
    response: string;
    duration_ms: number;
  }>(
    `SELECT delivery_id, created_at, status, error, response, duration_ms FROM
      (SELECT a.*, ROW_NUMBER() OVER (PARTITION BY delivery_id ORDER BY id DESC) AS age
         FROM webhook_attempt a WHERE delivery_id IN (?)) latest
      WHERE age <= ? ORDER BY id DESC`,
    [deliveryIds, ATTEMPTS_SHOWN],
  );
  const found = new Map<string, DeliveryAttempt[]>();
  for (const { delivery_id, created_at, duration_ms, ...same } of rows) {
    const attempt = { ...same, at: created_at, durationMs: duration_ms };
    found.set(delivery_id, [...(found.get(delivery_id) ?? []), attempt]);
  }
  return found;
}

/** Ends what is pending of an account. @returns how many there were */
export const cancelPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(
    `UPDATE webhook_delivery SET state = 'cancelled', claim_id = NULL, due_at = NULL, ended_at = NOW(3)
      WHERE state = 'pending' AND account_id = ?`,
    [accountId],
  );

const PENDING_ANEW = "state = 'pending', tries = 0, due_at = NOW(3), first_attempt_at = NULL, ended_at = NULL";

/**
 * Makes one delivery pending, for as long as a new one; what is under way goes on.
 * @returns whether there is such a delivery
 */
export async function makePending(tx: Queryable, accountId: string, deliveryId: string): Promise<boolean> {
  const [row] = await tx.rows<{ claim_id: string | null }>(
    'SELECT claim_id FROM webhook_delivery WHERE id = ? AND account_id = ? FOR UPDATE',
    [deliveryId, accountId],
  );
  if (row?.claim_id === null) await tx.write(`UPDATE webhook_delivery SET ${PENDING_ANEW} WHERE id = ?`, [deliveryId]);
  return row !== undefined;
}

/** Makes what was given up of an account pending, a chunk of it. @returns how many; less than CHUNK when it was the last */
export const makeDeadPending = (tx: Queryable, accountId: string): Promise<number> =>
  tx.write(`UPDATE webhook_delivery SET ${PENDING_ANEW} WHERE state = 'dead' AND account_id = ? LIMIT ${CHUNK}`, [
    accountId,
  ]);

/** Deletes deliveries that ended so long ago, with their attempts, a chunk of them. @returns how many; less than CHUNK when it was the last */
export async function purgeDeliveries(tx: Queryable, keptDays: number): Promise<number> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM webhook_delivery WHERE ended_at < NOW(3) - INTERVAL ? DAY
      ORDER BY ended_at LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED`,
    [keptDays],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await tx.write('DELETE FROM webhook_attempt WHERE delivery_id IN (?)', [ids]);
  await tx.write('DELETE FROM webhook_delivery WHERE id IN (?)', [ids]);
  return rows.length;
}
