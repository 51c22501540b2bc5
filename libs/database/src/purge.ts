import { runEvery, type Logger } from '@souk/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from './database';

interface PurgeBounds {
  /** Maximum number of rows per statement, so that no statement holds its locks for long. */
  chunkRows: number;
  /** Maximum number of statements per run; the next run continues. */
  chunksMax: number;
  isStopped(): boolean;
}

const INTERVAL_MS = 60_000;
const BOUNDS: PurgeBounds = { chunkRows: 500, chunksMax: 800, isStopped: () => false };

/**
 * Deletes the rows that were created more than `keptHours` ago, oldest first. Pauses after each statement for as long as the
 * statement took, so that it uses at most half of the engine's time.
 * @param table has the column `created_at`, and an index on it
 * @returns the number of deleted rows
 */
export async function purge(
  db: Queryable,
  table: string,
  keptHours: number,
  { chunkRows, chunksMax, isStopped } = BOUNDS,
): Promise<number> {
  let deleted = 0;
  for (let chunk = 0; chunk < chunksMax && !isStopped(); chunk++) {
    const startedAt = performance.now();
    const count = await db.write(
      `DELETE FROM ${table} WHERE created_at < NOW(3) - INTERVAL ? HOUR ORDER BY created_at LIMIT ?`,
      [keptHours, chunkRows],
    );
    deleted += count;
    if (count < chunkRows) break;
    await delay(performance.now() - startedAt);
  }
  return deleted;
}

/** Purges a table every minute. `stop` waits for the statement in flight. */
export function startPurge(db: Queryable, table: string, keptHours: number, logger: Logger): { stop(): Promise<void> } {
  let isStopped = false;
  const runs = runEvery(INTERVAL_MS, `the purge of ${table}`, logger, () =>
    purge(db, table, keptHours, { ...BOUNDS, isStopped: () => isStopped }),
  );
  return {
    stop: () => {
      isStopped = true;
      return runs.stop();
    },
  };
}
