import type { Database, Queryable } from '@souk/database';
import type { PostResult } from '../sending/post';
import { disableWebhook, lockWebhook } from '../webhook-store';
import type { ClaimedDelivery } from './claim-deliveries';
import { decideRetry } from './decide-retry';

/** A finished attempt. */
interface EndedAttempt extends PostResult {
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
}

type AttemptOutcome = 'delivered' | 'retried' | 'dead' | 'disabled' | 'superseded';

/**
 * Records an attempt and updates its delivery. If the claim was lost in the meantime, to another process or because the webhook was
 * removed, the delivery stays as it is.
 * @throws AppError `unavailable`, `timeout`
 */
export const endAttempt = (
  db: Database,
  { id, claimId, accountId, url }: Pick<ClaimedDelivery, 'id' | 'claimId' | 'accountId' | 'url'>,
  attempt: EndedAttempt,
  retryForMs: number,
): Promise<AttemptOutcome> =>
  db.transaction(async (tx) => {
    // The webhook is locked before the delivery, as in all transactions.
    if (attempt.failure === 'gone') await lockWebhook(tx, accountId);
    const [claimed] = await tx.rows<{ tries: number; age_ms: number }>(
      `SELECT tries, TIMESTAMPDIFF(MICROSECOND, pending_since, NOW(3)) DIV 1000 AS age_ms FROM webhook_delivery
        WHERE id = ? AND claim_id = ? FOR UPDATE`,
      [id, claimId],
    );
    await insertAttempt(tx, id, attempt);
    if (!claimed) return 'superseded';
    if (attempt.failure === undefined) {
      await endDelivery(tx, id, 'delivered');
      return 'delivered';
    }
    if (attempt.failure === 'gone') {
      await endDelivery(tx, id, 'dead');
      return (await disableWebhook(tx, accountId, url)) ? 'disabled' : 'dead';
    }
    const { retryAfterMs } = attempt;
    const decision = decideRetry({ tries: claimed.tries, ageMs: Number(claimed.age_ms), retryForMs, retryAfterMs });
    if (decision.state === 'dead') {
      await endDelivery(tx, id, 'dead');
      return 'dead';
    }
    await tx.write(
      'UPDATE webhook_delivery SET claim_id = NULL, due_at = NOW(3) + INTERVAL ? MICROSECOND WHERE id = ?',
      [Math.round(decision.afterMs) * 1_000, id],
    );
    return 'retried';
  });

async function insertAttempt(tx: Queryable, deliveryId: string, attempt: EndedAttempt): Promise<void> {
  const { status = null, failure = null, response, durationMs, startedAt } = attempt;
  await tx.write(
    `INSERT INTO webhook_attempt (delivery_id, status, error, response, duration_ms, created_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [deliveryId, status, failure, response, durationMs, new Date(startedAt)],
  );
}

const endDelivery = (tx: Queryable, id: string, state: 'delivered' | 'dead') =>
  tx.write('UPDATE webhook_delivery SET state = ?, claim_id = NULL, due_at = NULL, ended_at = NOW(3) WHERE id = ?', [
    state,
    id,
  ]);

/** Releases a delivery whose attempt was aborted, so that another process can attempt it immediately. */
export const releaseClaim = (db: Queryable, { id, claimId }: Pick<ClaimedDelivery, 'id' | 'claimId'>) =>
  db.write(
    'UPDATE webhook_delivery SET claim_id = NULL, tries = tries - 1, due_at = NOW(3) WHERE id = ? AND claim_id = ?',
    [id, claimId],
  );
