import type { Queryable } from '@souk/database';
import { Counter, Gauge, type Registry } from '@souk/service';

export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>;

/** Metrics of webhook deliveries: the attempts of this process, and the pending deliveries in the database. */
export function createWebhookMetrics(registry: Registry, db: Queryable) {
  const registers = [registry];
  const gauge = (name: string, help: string, expression: string) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const sql = `SELECT ${expression} AS value FROM webhook_delivery WHERE state = 'pending'`;
        // Metrics matter most when an engine is down, so a failed query doesn't fail them: the gauge keeps its last value.
        const [row] = await db.rows<{ value: number | string | null }>(sql).catch(() => []);
        if (row) this.set(Number(row.value ?? 0));
      },
    });
  gauge('souk_webhook_pending', 'Pending deliveries', 'COUNT(*)');
  gauge(
    'souk_webhook_oldest_pending_seconds',
    'Age of the oldest pending delivery; 0 if there is none',
    'TIMESTAMPDIFF(SECOND, MIN(pending_since), NOW(3))',
  );
  return {
    attempts: new Counter({
      name: 'souk_webhook_attempts_total',
      help: 'Delivery attempts by outcome: delivered, or the reason for the failure',
      labelNames: ['outcome'],
      registers,
    }),
    ended: new Counter({
      name: 'souk_webhook_deliveries_total',
      help: 'Deliveries that have ended, by state: delivered, dead or cancelled',
      labelNames: ['state'],
      registers,
    }),
  };
}
