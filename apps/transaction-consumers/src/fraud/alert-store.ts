import type { Alert, AlertEvent } from '@souk/contracts';
import type { Queryable } from '@souk/database';

/** An alert with its place among those of the account. */
export interface StoredAlert {
  alert: Alert;
  /** Of the event that it was raised at. */
  sequence: number;
}

/** A place in the list of an account's alerts. */
export type AlertPlace = Pick<StoredAlert, 'sequence'> & Pick<Alert, 'rule'>;

interface AlertRow {
  id: string;
  account_id: string;
  sequence: number;
  rule: string;
  reason: string;
  events: unknown;
  created_at: Date;
}

export async function insertAlerts(tx: Queryable, alerts: readonly StoredAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await tx.write('INSERT INTO alert (id, account_id, sequence, rule, reason, events, created_at) VALUES ?', [
    alerts.map(({ alert: { id, account_id, rule, reason, events, created_at }, sequence }) => [
      ...[id, account_id, sequence, rule, reason, JSON.stringify(events), new Date(created_at)],
    ]),
  ]);
}

/** Notes that alerts are published, for ever. @returns the ids of those that were not before */
export async function claimUnpublished(tx: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.rows<{ alert_id: string }>('SELECT alert_id FROM alert_published WHERE alert_id IN (?)', [ids]);
  const published = new Set(rows.map(({ alert_id }) => alert_id));
  const fresh = ids.filter((id) => !published.has(id));
  if (fresh.length > 0) await tx.write('INSERT INTO alert_published (alert_id) VALUES ?', [fresh.map((id) => [id])]);
  return new Set(fresh);
}

/** @returns alerts about an account, newest first, only those after a place */
export async function listAlerts(
  db: Queryable,
  accountId: string,
  after: AlertPlace | undefined,
  limit: number,
): Promise<StoredAlert[]> {
  const from = after ? 'AND (sequence < ? OR (sequence = ? AND rule < ?))' : '';
  const rows = await db.rows<AlertRow>(
    `SELECT id, account_id, sequence, rule, reason, events, created_at FROM alert
      WHERE account_id = ? ${from} ORDER BY sequence DESC, rule DESC LIMIT ?`,
    [accountId, ...(after ? [after.sequence, after.sequence, after.rule] : []), limit],
  );
  return rows.map(toAlert);
}

const toAlert = (row: AlertRow): StoredAlert => ({
  alert: {
    id: row.id,
    account_id: row.account_id,
    rule: row.rule,
    reason: row.reason,
    created_at: row.created_at.toISOString(),
    // MariaDB gives JSON back as text, MySQL parsed.
    events: (typeof row.events === 'string' ? JSON.parse(row.events) : row.events) as AlertEvent[],
  },
  sequence: Number(row.sequence),
});
