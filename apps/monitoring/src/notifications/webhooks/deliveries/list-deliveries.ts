import type { DeliveryState } from '@souk/contracts';
import type { Database, Queryable } from '@souk/database';
import type { PageBounds } from '../../answer-page';

/** Maximum number of attempts shown per delivery. */
const ATTEMPTS_SHOWN = 10;

interface DeliveryAttempt {
  at: Date;
  /** The HTTP status; `null` if there was no response. */
  status: number | null;
  /** `null` if it was delivered. */
  error: string | null;
  /** The beginning of the response body. */
  response: string;
  durationMs: number;
}

export interface Delivery {
  id: string;
  sequence: number;
  type: string;
  state: DeliveryState;
  /** The latest attempts, newest first. */
  attempts: DeliveryAttempt[];
  createdAt: Date;
  dueAt: Date | null;
  endedAt: Date | null;
}

type Reader = Pick<Queryable, 'rows'>;

/** @returns the deliveries of an account before a sequence, newest first, from one snapshot */
export const listDeliveries = (db: Pick<Database, 'snapshot'>, bounds: PageBounds): Promise<Delivery[]> =>
  db.snapshot((snapshot) => readDeliveries(snapshot, bounds));

async function readDeliveries(snapshot: Reader, { accountId, before, limit }: PageBounds): Promise<Delivery[]> {
  const rows = await snapshot.rows<{
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
    snapshot,
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

async function latestAttempts(
  snapshot: Reader,
  deliveryIds: readonly string[],
): Promise<Map<string, DeliveryAttempt[]>> {
  const rows = await snapshot.rows<{
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
  const attempts = new Map<string, DeliveryAttempt[]>();
  for (const { delivery_id, created_at, duration_ms, ...same } of rows) {
    const attempt = { ...same, at: created_at, durationMs: duration_ms };
    attempts.set(delivery_id, [...(attempts.get(delivery_id) ?? []), attempt]);
  }
  return attempts;
}
