import { transactionsExchange } from '@souk/contracts';
import { eventually } from '@souk/testing';
import { connectBroker } from './engine-clients';
import { CONSUMERS } from './souk-processes';
import type { SoukSystem } from './souk-system';

/** Waits until every consumer has applied every event of every account in the ledger. */
export function waitUntilAllApplied(souk: SoukSystem, timeoutMs = 120_000): Promise<void> {
  return eventually(async () => {
    for (const consumer of CONSUMERS) {
      const behind = await souk.rows(
        `SELECT w.account_id, w.sequence, p.applied_to FROM wallet.wallet w
           LEFT JOIN monitoring.progress p ON p.account_id = w.account_id AND p.consumer = ?
          WHERE w.sequence <> COALESCE(p.applied_to, 0) LIMIT 3`,
        [consumer],
      );
      if (behind.length > 0) throw new Error(`${consumer} has not applied all events: ${JSON.stringify(behind)}`);
    }
  }, timeoutMs);
}

/** Promises about the derived data once all events have been applied. Each query finds the rows that break its promise. */
const QUERIES: Record<string, string> = {
  'an account has one notification per event': `
    SELECT e.account_id, e.sequence, COUNT(n.sequence) AS notifications FROM wallet.event_entry e
      LEFT JOIN monitoring.notification n ON n.account_id = e.account_id AND n.sequence = e.sequence
     GROUP BY e.account_id, e.sequence HAVING COUNT(n.sequence) <> 1`,
  'there is no notification without an event': `
    SELECT n.account_id, n.sequence FROM monitoring.notification n
      LEFT JOIN wallet.event_entry e ON e.account_id = n.account_id AND e.sequence = n.sequence
     WHERE e.event_id IS NULL`,
  'analytics counts the transactions of the ledger': `
    SELECT type, status, reason, SUM(counted) AS counted FROM (
      SELECT type, status, reason, 1 AS counted FROM wallet.\`transaction\`
      UNION ALL
      SELECT type, status, reason, -CAST(transactions AS SIGNED) FROM monitoring.analytics_hour) books
     GROUP BY type, status, reason HAVING SUM(counted) <> 0`,
  'the volumes of analytics match the ledger': `
    SELECT type, SUM(volume) AS difference FROM (
      SELECT t.type, ABS(MIN(p.amount)) AS volume FROM wallet.\`transaction\` t
        JOIN wallet.posting p ON p.transaction_id = t.id GROUP BY t.id, t.type
      UNION ALL
      SELECT type, -volume FROM monitoring.analytics_hour WHERE status = 'completed') books
     GROUP BY type HAVING SUM(volume) <> 0`,
};

/** @returns a description of every broken promise about the data that the consumers derive from the events */
export async function brokenDerivations(souk: SoukSystem): Promise<string[]> {
  const broken: string[] = [];
  for (const [promise, sql] of Object.entries(QUERIES)) {
    for (const row of await souk.rows(sql)) broken.push(`broken: ${promise}: ${JSON.stringify(row)}`);
  }
  return broken;
}

interface EventRow {
  id: string;
  type: string;
  payload: string | object;
}

/** Republishes the newest events, in random order, to all consumers. */
export async function republishEvents(souk: SoukSystem, count: number): Promise<void> {
  const rows = await souk.rows<EventRow>('SELECT id, type, payload FROM wallet.event ORDER BY position DESC LIMIT ?', [
    count,
  ]);
  const connection = await connectBroker(souk.urls.rabbitmq);
  const channel = await connection.createConfirmChannel();
  for (const { id, type, payload } of rows.sort(() => Math.random() - 0.5)) {
    const data: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
    const envelope = { id, type, version: 1, occurredAt: new Date().toISOString(), data };
    const message = { ...envelope, correlationId: id, causationId: id, actor: 'e2e' };
    channel.publish(transactionsExchange.name, type, Buffer.from(JSON.stringify(message)), { persistent: true });
  }
  await channel.waitForConfirms();
  await connection.close();
}
