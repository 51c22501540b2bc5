import type { Database, Queryable } from '@souk/database';
import type { Logger } from '@souk/service';
import type { WebhookMetrics } from '../webhook-metrics';
import { purgeSecrets } from '../webhook-store';
import { accountsWithoutWebhook, cancelPending, CHUNK_ROWS, endOverdue, purgeDeliveries } from './delivery-store';

interface SweepDeps {
  db: Database;
  logger: Logger;
  metrics: WebhookMetrics;
  /** How long a failing delivery is retried before it is dead. */
  retryForMs: number;
}

/** How long deliveries are kept after they have ended. */
const KEPT_DAYS = 30;
const CHUNKS_MAX = 100;
const ACCOUNTS_MAX = 100;

/** Declares overdue deliveries dead, cancels those without a webhook, and deletes old deliveries and expired secrets. */
export async function sweepDeliveries(
  { db, logger, metrics, retryForMs }: SweepDeps,
  isStopped: () => boolean,
): Promise<void> {
  /** Runs each chunk in its own transaction. */
  const inChunks = async (
    changeChunk: (tx: Queryable) => Promise<number>,
    onChunk: (rows: number) => void = () => undefined,
  ) => {
    for (let chunk = 1; chunk <= CHUNKS_MAX && !isStopped(); chunk++) {
      const rows = await db.transaction(changeChunk);
      onChunk(rows);
      if (rows < CHUNK_ROWS) return;
    }
  };

  await purgeSecrets(db);
  await inChunks(
    (tx) => endOverdue(tx, retryForMs),
    (count) => {
      metrics.ended.inc({ state: 'dead' }, count);
      if (count > 0) logger.warn({ count }, 'gave up on overdue deliveries');
    },
  );
  for (const accountId of await accountsWithoutWebhook(db, ACCOUNTS_MAX))
    await inChunks(
      (tx) => cancelPending(tx, accountId),
      (count) => metrics.ended.inc({ state: 'cancelled' }, count),
    );
  await inChunks((tx) => purgeDeliveries(tx, KEPT_DAYS));
}
