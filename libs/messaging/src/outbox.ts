import { createCoalescer, ID, TABLE, type Database, type Queryable } from '@souk/database';
import { chunksOf, type Logger } from '@souk/service';
import { randomUUID } from 'node:crypto';
import type { Outgoing, Publisher } from './publisher';

/** Part of the schema of everybody who sends messages that follow from a database change. */
export const OUTBOX_TABLE = `
  CREATE TABLE IF NOT EXISTS outbox (
    id ${ID} NOT NULL PRIMARY KEY,
    exchange VARCHAR(100) NOT NULL,
    routing_key VARCHAR(200) NOT NULL,
    content MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY by_age (created_at)
  ) ${TABLE}`;

/** A message waiting in the outbox. */
export interface OutboxEntry {
  id: string;
  outgoing: Outgoing;
}

/** Writes messages into the outbox of the transaction they follow from. Hand what it returns to the relay after the commit. */
export async function writeOutbox(tx: Queryable, messages: readonly Outgoing[]): Promise<OutboxEntry[]> {
  const entries = messages.map((outgoing) => ({ id: randomUUID(), outgoing }));
  if (entries.length === 0) return entries;
  const values = entries.map(({ id, outgoing }) => [
    id,
    outgoing.exchange,
    outgoing.routingKey,
    outgoing.content.toString('utf8'),
  ]);
  // In parts that are far smaller than a statement may be.
  for (const chunk of chunksOf(values, STATEMENT_BYTES_MAX, ([, , , content]) => content!.length))
    await tx.write('INSERT INTO outbox (id, exchange, routing_key, content) VALUES ?', [chunk]);
  return entries;
}

export interface OutboxRelay {
  /** Publishes what was just committed, without asking the database for it. */
  nudge(entries: readonly OutboxEntry[]): void;
  start(): void;
  stop(): Promise<void>;
}

const STATEMENT_BYTES_MAX = 1_000_000;
/** A row this old was not published by whoever wrote it: the process died, or the broker was down. */
const LEFT_BEHIND_AFTER_S = 2;
const SWEEP_INTERVAL_MS = 1_000;
const SWEEP_BATCH = 500;
/** Rows kept in memory for the fast path; above it they wait for the sweep. */
const NUDGED_MAX = 10_000;

/**
 * Deletes rows by their keys. Without the hint, which only this form of the statement takes, a small table is scanned: that waits
 * for rows that another sweep holds, while it may wait for ours.
 */
async function deleteRows(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.write('DELETE o FROM outbox o FORCE INDEX (PRIMARY) WHERE o.id IN (?)', [[...ids].sort()]);
}

/**
 * Moves the outbox to the broker. A committed row is published at once from memory and deleted when the broker has
 * confirmed it; the sweep claims what was left behind, by age and not by `id > last`, since commits arrive out of order.
 * A message may be published twice, never not at all: whoever consumes it is idempotent.
 */
export function createOutboxRelay(db: Database, publisher: Publisher, logger: Logger): OutboxRelay {
  let sweeping: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const ignore = (error: unknown) => logger.debug({ err: error }, 'the outbox waits for an engine');

  const published = createCoalescer<string, void>({
    run: async (ids) => {
      await deleteRows(db, ids);
      return ids.map(() => undefined);
    },
    batchMax: SWEEP_BATCH,
    queueMax: NUDGED_MAX,
  });
  const committed = createCoalescer<OutboxEntry, void>({
    run: async (batch) => {
      await publisher.publish(batch.map(({ outgoing }) => outgoing));
      for (const { id } of batch) published.submit(id).catch(ignore);
      return batch.map(() => undefined);
    },
    batchMax: SWEEP_BATCH,
    queueMax: NUDGED_MAX,
  });

  const sweepOnce = () =>
    db.transaction(async (tx) => {
      const rows = await tx.rows<{ id: string; exchange: string; routing_key: string; content: string }>(
        `SELECT id, exchange, routing_key, content FROM outbox FORCE INDEX (by_age)
          WHERE created_at < NOW(3) - INTERVAL ? SECOND ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED`,
        [LEFT_BEHIND_AFTER_S, SWEEP_BATCH],
      );
      if (rows.length === 0) return 0;
      await publisher.publish(
        rows.map((row) => ({ exchange: row.exchange, routingKey: row.routing_key, content: Buffer.from(row.content) })),
      );
      await deleteRows(
        tx,
        rows.map((row) => row.id),
      );
      return rows.length;
    });

  const sweep = async () => {
    const swept = await sweepOnce();
    if (swept > 0) logger.info({ count: swept }, 'published what was left behind in the outbox');
    if (swept === SWEEP_BATCH) await sweep();
  };

  return {
    nudge: (entries) => {
      for (const entry of entries) committed.submit(entry).catch(ignore);
    },
    start: () => {
      timer = setInterval(() => {
        sweeping ??= sweep()
          .catch(ignore)
          .finally(() => (sweeping = undefined));
      }, SWEEP_INTERVAL_MS);
    },
    stop: async () => {
      clearInterval(timer);
      await committed.drain();
      await published.drain();
      await sweeping;
    },
  };
}
