import type { HttpApp } from '@souk/http';
import { bindAnalyticsRoutes, type AnalyticsRouteDeps } from './analytics/routes';
import { bindFraudRoutes } from './fraud/routes';
import { bindNotificationRoutes, type NotificationRouteDeps } from './notifications/routes';

/** Binds every route of the Monitoring API, whichever consumers this process runs: all derived data is in one schema. */
export function bindRoutes(http: HttpApp, deps: AnalyticsRouteDeps & NotificationRouteDeps): void {
  bindFraudRoutes(http, deps);
  bindNotificationRoutes(http, deps);
  bindAnalyticsRoutes(http, deps);
}
