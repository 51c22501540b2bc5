import type { Database } from '@souk/database';
import type { AppContext } from '@souk/service';
import { createAnalytics } from './analytics/analytics';
import type { Config } from './config';
import type { Consumer, ConsumerName } from './consumer';
import { createFraudDetection } from './fraud/fraud-detection';
import { createNotifications } from './notifications/notifications';
import type { WebhookMetrics } from './notifications/webhooks/webhook-metrics';

interface ConsumerDeps extends Pick<AppContext, 'logger'> {
  config: Config;
  db: Database;
  webhookMetrics: WebhookMetrics;
}

/** The factory of each consumer. */
export const consumerFactories: Partial<Record<ConsumerName, (deps: ConsumerDeps) => Consumer>> = {
  'fraud-detection': ({ config }) => createFraudDetection({ rules: config.FRAUD_RULES }),
  notifications: ({ config, webhookMetrics: metrics, ...deps }) =>
    createNotifications({ ...deps, settings: config, metrics }),
  analytics: createAnalytics,
};
