import type { Database, Queryable } from '@souk/database';
import { createCoalescer, runEvery, type Logger } from '@souk/service';
import { deleteFromOutbox, hasOutbox, lockOutbox, type OutboxEntry } from './outbox';
import { createEntryPublisher, type EntryPublisher, type OutboxRelayOptions } from './publish-entries';
import type { Publisher } from './publisher';

export interface OutboxRelay {
  /** Publishes entries that were just committed, without reading them from the database. */
  nudge(entries: readonly OutboxEntry[]): void;
  start(): void;
  stop(): Promise<void>;
}

/** The writer of a row this old failed to publish it: the process died, or the broker was down. */
const LEFT_BEHIND_AFTER_S = 2;
const SWEEP_INTERVAL_MS = 3_000;
/** The pause before the first sweep, and after one that failed or found rows: an engine may be coming back. */
const NEXT_SWEEP_MS = 1_000;
/** Maximum number of rows per transaction. */
const SWEEP_BATCH = 500;
/** Time limit for retrying failed rows. A sweep holds the locks on its rows until then, and a queue without a quorum confirms nothing. */
const RETRY_MS = 5_000;
/**
 * How long published rows wait to be deleted together: deleting them at once would take a transaction for almost every message.
 * A sweep would publish them again after `LEFT_BEHIND_AFTER_S`.
 */
const DELETE_AFTER_MS = 200;
/** Maximum number of messages in memory for the fast path; any others wait for the sweep. */
const NUDGED_MAX = 10_000;
/** Maximum number of messages that the fast path publishes together. */
const NUDGED_BATCH = 500;
/** Maximum number of ids of published rows that wait to be deleted. */
const CONFIRMED_MAX = 10_000;
const DELETE_BATCH = 500;

/**
 * Moves messages from the outbox to the broker. Publishes a committed row at once from memory and deletes it soon after the
 * broker has confirmed it. The sweep publishes rows left behind. Messages are published at least once, so consumers must be idempotent.
 */
export function createOutboxRelay(
  db: Database,
  publisher: Publisher,
  logger: Logger,
  options: OutboxRelayOptions = {},
): OutboxRelay {
  const entryPublisher = createEntryPublisher(publisher, logger, options);
  let sweeps: ReturnType<typeof runEvery> | undefined;
  let isStopping = false;

  const logFailure = (error: unknown) => logger.debug({ err: error }, 'the outbox is waiting for an engine');

  const confirmedIds = createCoalescer<string, void>({
    run: async (ids) => {
      await deleteFromOutbox(db, ids);
      return ids.map(() => undefined);
    },
    batchMax: DELETE_BATCH,
    queueMax: CONFIRMED_MAX,
    gatherMs: DELETE_AFTER_MS,
  });
  const committedEntries = createCoalescer<OutboxEntry, void>({
    run: async (batch) => {
      for (const id of await entryPublisher.publish(batch)) confirmedIds.submit(id).catch(logFailure);
      return batch.map(() => undefined);
    },
    batchMax: NUDGED_BATCH,
    queueMax: NUDGED_MAX,
    weightOf: ({ messages }) => messages.length,
  });

  const sweep = createSweep({ db, entryPublisher, logger, isStopping: () => isStopping });

  return {
    nudge: (entries) => {
      for (const entry of entries) committedEntries.submit(entry).catch(logFailure);
    },
    start: () => {
      let hasFoundRows = true; // the previous process may have left some behind
      const pauseMs = () => (hasFoundRows ? NEXT_SWEEP_MS : SWEEP_INTERVAL_MS);
      sweeps = runEvery(pauseMs, 'the sweep of the outbox', logger, async () => {
        hasFoundRows = await sweep().catch((error: unknown) => {
          logFailure(error);
          return true;
        });
      });
    },
    stop: async () => {
      isStopping = true;
      const sweepsEnd = sweeps?.stop();
      await committedEntries.drain();
      await confirmedIds.drain();
      await sweepsEnd;
    },
  };
}

interface SweepDeps {
  db: Database;
  entryPublisher: EntryPublisher;
  logger: Logger;
  isStopping: () => boolean;
}

/** @returns a function that publishes the entries left behind, batch by batch, and resolves to whether there were any */
function createSweep({ db, entryPublisher, logger, isStopping }: SweepDeps): () => Promise<boolean> {
  const { publish, publishOneByOne, failuresOf } = entryPublisher;

  /** Publishes the entries that have never failed in one batch, then the others message by message, with the most failures last. */
  const sweepOnce = async (tx: Queryable): Promise<number> => {
    const entries = await lockOutbox(tx, LEFT_BEHIND_AFTER_S, SWEEP_BATCH);
    if (entries.length === 0) return 0;
    const finishedIds = await publish(entries.filter((entry) => failuresOf(entry) === 0));
    const failed = entries.filter((entry) => failuresOf(entry) > 0);
    failed.sort((a, b) => failuresOf(a) - failuresOf(b));
    const deadline = performance.now() + RETRY_MS;
    const shouldStop = () => isStopping() || performance.now() > deadline;
    for (const entry of failed) finishedIds.push(...(await publishOneByOne(entry, shouldStop)));
    await deleteFromOutbox(tx, finishedIds);
    return finishedIds.length;
  };

  return async () => {
    if (!(await hasOutbox(db, LEFT_BEHIND_AFTER_S))) return false;
    let count: number;
    do {
      count = await db.transaction(sweepOnce);
      if (count > 0) logger.info({ count }, 'published messages left behind in the outbox');
    } while (count === SWEEP_BATCH && !isStopping());
    return true;
  };
}
