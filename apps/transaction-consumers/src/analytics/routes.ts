import { getAnalyticsSummaryRoute } from '@souk/contracts';
import type { Database } from '@souk/database';
import { problemFailures, refusal, type Answer, type HttpApp } from '@souk/http';
import { presentSummary } from './present-summary';
import { readSums } from './read-summary';
import { decideRange, type RangeFault } from './summary-range';

export interface AnalyticsRouteDeps {
  db: Database;
  /** @returns how many events of accounts the wallet has that are not counted yet; null where it does not answer, or they are too many to count */
  unappliedEvents(): Promise<number | null>;
  /** @throws AppError `unavailable` as long as there is nothing to ask */
  requireReady(): void;
}

/** The contract (libs/contracts, analytics-routes) on one side, the hourly sums on the other. */
export function bindAnalyticsRoutes(http: HttpApp, { db, unappliedEvents, requireReady }: AnalyticsRouteDeps): void {
  http.bind(getAnalyticsSummaryRoute, async ({ query }) => {
    const decided = decideRange(query, new Date());
    if (!decided.ok) return answerFault(decided.fault);
    requireReady();
    const { range } = decided;
    // Asked first: what is counted meanwhile makes the sums newer, not older, than it says.
    const lag = await unappliedEvents();
    return { status: 200, body: presentSummary(range, await readSums(db, range, query.top), lag) };
  });
}

function answerFault(fault: RangeFault): Answer {
  const message = `${fault.field} ${fault.message}`;
  return refusal(
    problemFailures,
    { status: 422, code: 'INVALID_REQUEST', message },
    { details: { fields: [{ ...fault }] } },
  );
}
