import type { Alert, AlertEvent } from '@souk/contracts';
import type { Queryable, Transaction } from '@souk/database';

/** An alert with the sequence by which the account's alerts are ordered. */
interface StoredAlert {
  alert: Alert;
  /** The sequence of the event that raised the alert. */
  sequence: number;
}

/** Identifies an alert in the list of an account's alerts. */
export type AlertCursor = Pick<StoredAlert, 'sequence'> & Pick<Alert, 'rule'>;

interface AlertRow {
  id: string;
  account_id: string;
  sequence: number;
  rule: string;
  reason: string;
  events: unknown;
  created_at: Date;
}

export function insertAlerts(tx: Transaction, alerts: readonly StoredAlert[]): void {
  if (alerts.length === 0) return;
  tx.defer('INSERT INTO alert (id, account_id, sequence, rule, reason, events, created_at) VALUES ?', [
    alerts.map(({ alert: { id, account_id, rule, reason, events, created_at }, sequence }) => [
      ...[id, account_id, sequence, rule, reason, JSON.stringify(events), new Date(created_at)],
    ]),
  ]);
}

/** Marks alerts as published, permanently. @returns the ids that weren't marked yet */
export async function claimUnpublished(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.rows<{ alert_id: string }>('SELECT alert_id FROM alert_published WHERE alert_id IN (?)', [ids]);
  const published = new Set(rows.map(({ alert_id }) => alert_id));
  const newIds = ids.filter((id) => !published.has(id));
  if (newIds.length > 0) tx.defer('INSERT INTO alert_published (alert_id) VALUES ?', [newIds.map((id) => [id])]);
  return new Set(newIds);
}

/** @returns the alerts of an account that follow `after` in the list, newest first */
export async function listAlerts(
  db: Queryable,
  accountId: string,
  after: AlertCursor | undefined,
  limit: number,
): Promise<StoredAlert[]> {
  const condition = after ? 'AND (sequence < ? OR (sequence = ? AND rule < ?))' : '';
  const rows = await db.rows<AlertRow>(
    `SELECT id, account_id, sequence, rule, reason, events, created_at FROM alert
      WHERE account_id = ? ${condition} ORDER BY sequence DESC, rule DESC LIMIT ?`,
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
    // MariaDB returns JSON as text, MySQL returns it parsed.
    events: (typeof row.events === 'string' ? JSON.parse(row.events) : row.events) as AlertEvent[],
  },
  sequence: Number(row.sequence),
});
