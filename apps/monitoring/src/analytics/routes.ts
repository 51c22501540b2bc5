import { getAnalyticsSummaryRoute } from '@souk/contracts';
import type { Database } from '@souk/database';
import { problemFailures, failureAnswer, type Answer, type HttpApp } from '@souk/http';
import { presentSummary } from './present-summary';
import { readSums } from './read-summary';
import { decideRange, type InvalidBound } from './summary-range';

export interface AnalyticsRouteDeps {
  db: Database;
  /** @returns the number of account events not counted yet; null if the wallet doesn't respond or there are too many */
  unappliedEvents(): Promise<number | null>;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, analytics-routes) to the hourly sums. */
export function bindAnalyticsRoutes(http: HttpApp, { db, unappliedEvents, requireReady }: AnalyticsRouteDeps): void {
  http.bind(getAnalyticsSummaryRoute, async ({ query }) => {
    const decided = decideRange(query, new Date());
    if (!decided.ok) return answerInvalidBound(decided.invalidBound);
    requireReady();
    const { range } = decided;
    // Read before the sums: if events are counted in between, the sums are newer than the lag says, never older.
    const lag = await unappliedEvents();
    return { status: 200, body: presentSummary(range, await readSums(db, range, query.top), lag) };
  });
}

function answerInvalidBound(invalidBound: InvalidBound): Answer {
  const message = `${invalidBound.field} ${invalidBound.message}`;
  return failureAnswer(
    problemFailures,
    { status: 422, code: 'INVALID_REQUEST', message },
    { details: { fields: [{ ...invalidBound }] } },
  );
}
