import type { Database } from '@souk/database';
import { AppError, retryWithBackoff, type Logger } from '@souk/service';
import { applyEvents, type DeliveryDeps } from './delivery/apply-events';
import { catchUp } from './delivery/catch-up';
import { forgetProgress } from './delivery/progress-store';

export interface RebuildProgress {
  /** Events of the wallet that were looked at. */
  events: number;
  position: number;
  lastPosition: number;
}

const BACKOFF = { initialMs: 200, maxMs: 5_000, attemptsMax: Infinity };
/** One step may fail for so long before the rebuild ends: an engine that restarts is back by then. */
const FAILING_MAX_MS = 120_000;

/**
 * Forgets what a consumer derived and applies every event of the wallet anew, the first one first. The consumer may run
 * meanwhile, and does the rest should this be killed.
 * @param patient its statements may take as long as it takes to delete everything
 * @throws AppError `unavailable` or `timeout` when an engine or the wallet does not answer for two minutes
 */
export async function rebuild(
  deps: DeliveryDeps,
  patient: Database,
  tell: (progress: RebuildProgress) => void,
): Promise<void> {
  const { consumer, wallet, logger } = deps;
  const fetch = (position: number) => patiently(logger, () => wallet.from(position));
  await forgetProgress(patient, consumer.name, (tx) => consumer.forget(tx));
  let events = 0;
  // The next page comes while one is applied.
  let next = fetch(0);
  for (;;) {
    const page = await next;
    if (page.position === undefined) break;
    next = fetch(page.position);
    next.catch(() => undefined); // thrown where it is awaited
    // What was applied before it failed is left out when it is tried again.
    await patiently(logger, () => applyEvents(deps, page.events));
    events += page.count;
    tell({ events, position: page.position, lastPosition: page.lastPosition });
  }
  // Positions are taken before their transactions commit: some may have come to stand before what was looked at.
  await patiently(logger, () => catchUp(deps));
}

function patiently<T>(logger: Logger, step: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  return retryWithBackoff(step, {
    ...BACKOFF,
    shouldRetry: (error) => error instanceof AppError && error.retryable && performance.now() - begun < FAILING_MAX_MS,
    onRetry: (error) => logger.warn({ err: error }, 'a step of the rebuild failed; it is tried again'),
  });
}
