import { listAlertsRoute, WALLET_FAILURES } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { problemFailures, refusal, type Answer, type HttpApp } from '@souk/http';
import { readAlerts } from './read-alerts';

export interface FraudRouteDeps {
  db: Queryable;
  /** @throws AppError `unavailable` as long as there is nothing to ask */
  requireReady(): void;
}

/** The contract (libs/contracts, fraud-routes) on one side, what fraud detection found on the other. */
export function bindFraudRoutes(http: HttpApp, { db, requireReady }: FraudRouteDeps): void {
  http.bind(listAlertsRoute, async ({ params, query }) => {
    requireReady();
    const result = await readAlerts(db, { accountId: params.id, ...query });
    if (!result.ok) return answerInvalidCursor();
    return { status: 200, body: { items: result.items, next: result.next } };
  });
}

/** The answer to a cursor that no page ever gave. */
function answerInvalidCursor(): Answer {
  const fault = { field: 'after', message: 'must be the `next` of the page before' };
  const { status, code } = WALLET_FAILURES.invalidField;
  const message = `${fault.field} ${fault.message}`;
  return refusal(problemFailures, { status, code, message }, { details: { fields: [fault] } });
}
