import { listAlertsRoute, WALLET_FAILURES } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { invalidCursorAnswer, type HttpApp } from '@souk/http';
import { readAlerts } from './read-alerts';

interface FraudRouteDeps {
  db: Queryable;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, fraud-routes) to the alerts of fraud detection. */
export function bindFraudRoutes(http: HttpApp, { db, requireReady }: FraudRouteDeps): void {
  http.bind(listAlertsRoute, async ({ params, query }) => {
    requireReady();
    const result = await readAlerts(db, { accountId: params.id, ...query });
    if (!result.ok) return invalidCursorAnswer(WALLET_FAILURES.invalidField);
    return { status: 200, body: { items: result.items, next: result.next } };
  });
}
