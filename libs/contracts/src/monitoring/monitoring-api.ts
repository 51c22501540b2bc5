import { getAnalyticsSummaryRoute } from './analytics-routes';
import { listAlertsRoute } from './fraud-routes';
import { KEY_ROUTES } from './key-routes';
import { NOTIFICATION_ROUTES } from './notification-routes';

/** Every route of the Monitoring API. */
export const MONITORING_API_ROUTES = [
  listAlertsRoute,
  ...NOTIFICATION_ROUTES,
  getAnalyticsSummaryRoute,
  ...KEY_ROUTES,
] as const;

/** The heading of the Monitoring API's documentation. */
export const MONITORING_API_DESCRIPTION = {
  title: 'Souk Monitoring API',
  version: '1.0.0',
  description:
    "Fraud alerts, notifications with their webhooks, and analytics, derived from the wallet's events within moments. Amounts " +
    'are decimal strings ("12.50") in USD; timestamps are RFC 3339 in UTC. Failures are problem details (RFC 9457) with `detail` ' +
    'and a stable `code`.',
};
