import type { Database } from '@souk/database';
import { applyEvents, type DeliveryDeps } from './delivery/apply-events';
import { catchUp } from './delivery/catch-up';
import { forgetProgress } from './delivery/progress-store';

export interface RebuildProgress {
  /** Events of the wallet that were looked at. */
  events: number;
  position: number;
  lastPosition: number;
}

/**
 * Forgets what a consumer derived and applies every event of the wallet anew, the first one first. The consumer may run
 * meanwhile, and does the rest should this be killed.
 * @param patient its statements may take as long as it takes to delete everything
 * @throws AppError `unavailable` or `timeout` when an engine or the wallet does not answer
 */
export async function rebuild(
  deps: DeliveryDeps,
  patient: Database,
  tell: (progress: RebuildProgress) => void,
): Promise<void> {
  const { consumer, wallet } = deps;
  await forgetProgress(patient, consumer.name, (tx) => consumer.forget(tx));
  let events = 0;
  // The next page comes while one is applied.
  let next = wallet.from(0);
  for (;;) {
    const page = await next;
    if (page.position === undefined) break;
    next = wallet.from(page.position);
    next.catch(() => undefined); // thrown where it is awaited
    await applyEvents(deps, page.events);
    events += page.count;
    tell({ events, position: page.position, lastPosition: page.lastPosition });
  }
  // Positions are taken before their transactions commit: some may have come to stand before what was looked at.
  await catchUp(deps);
}
