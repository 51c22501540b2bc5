import type { Queryable } from '@souk/database';
import { Counter, Gauge, type Registry } from '@souk/service';

export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>;

/** Webhook metrics for operators: what this process did, and what is pending in the database. */
export function createWebhookMetrics(registry: Registry, db: Queryable) {
  const registers = [registry];
  const gauge = (name: string, help: string, expression: string) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const sql = `SELECT ${expression} AS value FROM webhook_delivery WHERE state = 'pending'`;
        // Metrics matter most when an engine is down: then this one keeps its last value.
        const [row] = await db.rows<{ value: number | string | null }>(sql).catch(() => []);
        if (row) this.set(Number(row.value ?? 0));
      },
    });
  gauge('souk_webhook_pending', 'Deliveries that are still to be made', 'COUNT(*)');
  gauge(
    'souk_webhook_oldest_pending_seconds',
    'Age of the oldest delivery that is still to be made; 0 without one',
    'TIMESTAMPDIFF(SECOND, MIN(pending_since), NOW(3))',
  );
  return {
    attempts: new Counter({
      name: 'souk_webhook_attempts_total',
      help: 'Attempts to deliver, by what came of them: delivered, or why they failed',
      labelNames: ['outcome'],
      registers,
    }),
    ended: new Counter({
      name: 'souk_webhook_deliveries_total',
      help: 'Deliveries that ended, by their state: delivered, dead or cancelled',
      labelNames: ['state'],
      registers,
    }),
  };
}
