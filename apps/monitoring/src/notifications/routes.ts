import { listNotificationsRoute } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import type { HttpApp } from '@souk/http';
import { answerPage } from './answer-page';
import { presentNotification } from './notification';
import { listNotifications } from './notification-store';

interface NotificationRouteDeps {
  db: Queryable;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, notification-routes) to the notifications. */
export function bindNotificationRoutes(http: HttpApp, { db, requireReady }: NotificationRouteDeps): void {
  http.bind(listNotificationsRoute, async ({ params, query }) => {
    requireReady();
    return answerPage(params.id, query, (bounds) => listNotifications(db, bounds), presentNotification);
  });
}
