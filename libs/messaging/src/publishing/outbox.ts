import { deadLetterQueue } from '@souk/contracts';
import { ID, keyTable, TABLE, type Database, type Queryable } from '@souk/database';
import { chunksOf, type Logger, createCoalescer } from '@souk/service';
import { randomUUID } from 'node:crypto';
import { encode, type Outgoing, type Publisher } from './publisher';

/** Part of the schema of every service that sends messages as a result of a database change. */
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

/** Writes messages to the outbox in the transaction that causes them. Pass the result to the relay after the commit. */
export async function writeOutbox(tx: Queryable, messages: readonly Outgoing[]): Promise<OutboxEntry[]> {
  const entries = messages.map((outgoing) => ({ id: randomUUID(), outgoing }));
  if (entries.length === 0) return entries;
  const values = entries.map(({ id, outgoing }) => [
    id,
    outgoing.exchange,
    outgoing.routingKey,
    outgoing.content.toString('utf8'),
  ]);
  // In chunks far below the maximum statement size.
  for (const chunk of chunksOf(values, STATEMENT_BYTES_MAX, ([, , , content]) => content!.length))
    await tx.write('INSERT INTO outbox (id, exchange, routing_key, content) VALUES ?', [chunk]);
  return entries;
}

export interface OutboxRelay {
  /** Publishes entries that were just committed, without reading them from the database. */
  nudge(entries: readonly OutboxEntry[]): void;
  start(): void;
  stop(): Promise<void>;
}

const STATEMENT_BYTES_MAX = 1_000_000;
export interface OutboxRelayOptions {
  /** @returns the messages to send instead of one that the broker will never accept */
  replace?(refused: Outgoing, reason: string): Outgoing[];
}

/** The writer of a row this old failed to publish it: the process died, or the broker was down. */
const LEFT_BEHIND_AFTER_S = 2;
const SWEEP_INTERVAL_MS = 1_000;
const SWEEP_BATCH = 500;
/** Time limit for retrying failed rows. A sweep locks its rows meanwhile, and a queue without a quorum confirms nothing. */
const TRIED_ALONE_MS = 5_000;
/** Maximum number of unconfirmed rows to remember. */
const FAILURES_MAX = 10_000;
/** Maximum number of rows in memory for the fast path; any others wait for the sweep. */
const NUDGED_MAX = 10_000;

async function deleteRows(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.write(`DELETE o FROM ${keyTable(ID)} STRAIGHT_JOIN outbox o ON o.id = k.id`, [JSON.stringify(ids)]);
}

/**
 * The dead letter for a message that is too large to be one itself: the envelope without the data. Messages for an exchange
 * have no dead-letter queue.
 */
function deadLetterOf({ exchange, routingKey, content }: Outgoing, reason: string): Outgoing[] {
  if (exchange !== '') return [];
  const { data: _, ...envelope } = JSON.parse(content.toString('utf8')) as Record<string, unknown>;
  const headers = { 'x-reason': reason, 'x-first-seen': Date.now() };
  return [{ exchange, routingKey: deadLetterQueue(routingKey), content: encode(envelope), properties: { headers } }];
}

/**
 * Moves messages from the outbox to the broker. Publishes a committed row at once from memory and deletes it when the broker
 * has confirmed it. The sweep claims rows left behind, by age and not by `id > last`, because commits arrive out of order.
 * Messages are published at least once, so consumers must be idempotent.
 */
export function createOutboxRelay(
  db: Database,
  publisher: Publisher,
  logger: Logger,
  options: OutboxRelayOptions = {},
): OutboxRelay {
  /** Unconfirmed rows and how often each has failed. They are published one by one, those with the most failures last. */
  const failures = new Map<string, number>();
  let sweeping: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  const ignore = (error: unknown) => logger.debug({ err: error }, 'the outbox waits for an engine');

  /** Publishes entries, and replacements for refused ones. @returns the ids of the finished entries */
  const deliver = async (entries: readonly OutboxEntry[]): Promise<string[]> => {
    const results = await publisher.publishEach(entries.map(({ outgoing }) => outgoing));
    const done: string[] = [];
    for (const [index, { id, outgoing }] of entries.entries()) {
      const result = results[index]!;
      const isDone = result.kind === 'refused' ? await giveUp(outgoing, result.reason) : result.kind === 'confirmed';
      if (isDone) done.push(id);
      if (isDone) failures.delete(id);
      else if (result.kind === 'unsent')
        continue; // not the message's fault, so it stays in the batch
      else if (failures.has(id) || failures.size < FAILURES_MAX) failures.set(id, (failures.get(id) ?? 0) + 1);
    }
    return done;
  };

  /** @returns whether the dead letter and the replacement are confirmed */
  const giveUp = async (refused: Outgoing, reason: string): Promise<boolean> => {
    const { exchange, routingKey } = refused;
    const substitutes = [...deadLetterOf(refused, reason), ...(options.replace?.(refused, reason) ?? [])];
    const results = await publisher.publishEach(substitutes);
    const isDone = results.every(({ kind }) => kind === 'confirmed');
    if (isDone)
      logger.error({ exchange, routingKey, reason }, 'the broker will never accept this message; gave up on it');
    return isDone;
  };

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
      for (const id of await deliver(batch)) published.submit(id).catch(ignore);
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
      const entries = rows.map(({ id, exchange, routing_key, content }) => ({
        id,
        outgoing: { exchange, routingKey: routing_key, content: Buffer.from(content) },
      }));
      const delivered = await deliver(entries.filter(({ id }) => !failures.has(id)));
      const failedBefore = entries.filter(({ id }) => failures.has(id));
      failedBefore.sort((a, b) => failures.get(a.id)! - failures.get(b.id)!);
      const until = performance.now() + TRIED_ALONE_MS;
      for (const entry of failedBefore) {
        if (isStopping || performance.now() > until) break;
        delivered.push(...(await deliver([entry])));
      }
      await deleteRows(tx, delivered);
      return delivered.length;
    });

  const sweep = async () => {
    const swept = await sweepOnce();
    if (swept > 0) logger.info({ count: swept }, 'published what was left behind in the outbox');
    if (swept === SWEEP_BATCH && !isStopping) await sweep();
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
      isStopping = true;
      clearInterval(timer);
      await committed.drain();
      await published.drain();
      await sweeping;
    },
  };
}
