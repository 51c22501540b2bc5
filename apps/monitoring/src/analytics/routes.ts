import { getAnalyticsSummaryRoute } from '@souk/contracts';
import type { Database } from '@souk/database';
import { problemFailures, failureAnswer, type Answer, type HttpApp } from '@souk/http';
import { presentSummary } from './present-summary';
import { readSums } from './read-summary';
import { decideRange, type RangeFault } from './summary-range';

export interface AnalyticsRouteDeps {
  db: Database;
  /** @returns how many of the wallet's account events are not counted yet; null if it doesn't answer or there are too many */
  unappliedEvents(): Promise<number | null>;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, analytics-routes) to the hourly sums. */
export function bindAnalyticsRoutes(http: HttpApp, { db, unappliedEvents, requireReady }: AnalyticsRouteDeps): void {
  http.bind(getAnalyticsSummaryRoute, async ({ query }) => {
    const decided = decideRange(query, new Date());
    if (!decided.ok) return answerFault(decided.fault);
    requireReady();
    const { range } = decided;
    // Read before the sums: events counted in between make the sums newer than the lag says, never older.
    const lag = await unappliedEvents();
    return { status: 200, body: presentSummary(range, await readSums(db, range, query.top), lag) };
  });
}

function answerFault(fault: RangeFault): Answer {
  const message = `${fault.field} ${fault.message}`;
  return failureAnswer(
    problemFailures,
    { status: 422, code: 'INVALID_REQUEST', message },
    { details: { fields: [{ ...fault }] } },
  );
}
