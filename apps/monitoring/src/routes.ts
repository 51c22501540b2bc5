import type { HttpApp } from '@souk/http';
import { bindAnalyticsRoutes, type AnalyticsRouteDeps } from './analytics/routes';
import { bindFraudRoutes } from './fraud/routes';
import { bindNotificationRoutes } from './notifications/routes';
import { bindWebhookRoutes, type WebhookRouteDeps } from './notifications/webhooks/routes';

/** Binds all routes of the Monitoring API, whichever consumers this process runs: all derived data is in one schema. */
export function bindRoutes(http: HttpApp, deps: AnalyticsRouteDeps & WebhookRouteDeps): void {
  bindFraudRoutes(http, deps);
  bindNotificationRoutes(http, deps);
  bindWebhookRoutes(http, deps);
  bindAnalyticsRoutes(http, deps);
}
