import type { Database } from '@souk/database';
import { AppError, retryWithBackoff, type Logger } from '@souk/service';
import { applyEvents, type IngestionDeps } from '../ingestion/apply-events';
import { catchUp } from '../ingestion/catch-up';
import { forgetProgress } from '../ingestion/progress-store';

export interface RebuildProgress {
  /** Wallet events processed so far. */
  events: number;
  position: number;
  lastPosition: number;
}

const BACKOFF = { initialMs: 200, maxMs: 5_000, attemptsMax: Infinity };
/** How long a step may keep failing before the rebuild gives up: longer than an engine takes to restart. */
const FAILING_MAX_MS = 120_000;

/**
 * Deletes everything a consumer derived and reapplies every wallet event, starting with the first. The consumer may run at the same
 * time, and completes the rebuild if this process is killed.
 * @param deletionDb the same database, with a statement timeout long enough to delete everything
 * @throws AppError `unavailable` or `timeout` if an engine or the wallet doesn't respond for two minutes
 */
export async function rebuild(
  deps: IngestionDeps,
  deletionDb: Database,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  const { consumer, wallet, logger } = deps;
  const fetchPage = (position: number) => retryStep(logger, () => wallet.fetchAfterPosition(position));
  await forgetProgress(deletionDb, consumer.name, (tx) => consumer.forget(tx));
  let events = 0;
  // The next page is fetched while one is applied.
  let nextPage = fetchPage(0);
  for (;;) {
    const page = await nextPage;
    if (page.position === undefined) break;
    nextPage = fetchPage(page.position);
    nextPage.catch(() => undefined); // the error is thrown where `nextPage` is awaited
    // A retry skips events that were applied before the failure.
    await retryStep(logger, () => applyEvents(deps, page.events));
    events += page.count;
    onProgress({ events, position: page.position, lastPosition: page.lastPosition });
  }
  // A position is assigned before its transaction commits, so an event may have appeared at a position before those already read.
  await retryStep(logger, () => catchUp(deps));
}

function retryStep<T>(logger: Logger, step: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  return retryWithBackoff(step, {
    ...BACKOFF,
    shouldRetry: (error) =>
      error instanceof AppError && error.retryable && performance.now() - startedAt < FAILING_MAX_MS,
    onRetry: (error) => logger.warn({ err: error }, 'a step of the rebuild failed; it will be retried'),
  });
}
