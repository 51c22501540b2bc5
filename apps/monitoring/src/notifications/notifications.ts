import type { Database } from '@souk/database';
import type { Logger } from '@souk/service';
import type { Consumer } from '../consumer';
import { deleteNotifications, insertNotifications } from './notification-store';
import type { NotificationSettings } from './settings';
import { queueDeliveries } from './webhooks/deliveries/queue-deliveries';
import { createSecretBox } from './webhooks/secrets';
import type { Resolve } from './webhooks/sending/addresses';
import { createDispatcher, type Dispatcher } from './webhooks/sending/dispatcher';
import { createResolver } from './webhooks/sending/resolver';
import type { WebhookMetrics } from './webhooks/webhook-metrics';

const HOUR_MS = 3_600_000;

interface NotificationDeps {
  db: Database;
  settings: NotificationSettings;
  logger: Logger;
  metrics: WebhookMetrics;
  /** Resolves the host names of receivers; default: the hosts file and DNS. */
  resolve?: Resolve;
}

/** Notifies accounts of their transactions: in a list and, once started, by webhook. */
export type Notifications = Consumer & Dispatcher;

/** Makes a notification of every event, and delivers it if its account had a webhook when the event happened. */
export function createNotifications({
  settings,
  resolve = createResolver(),
  ...deps
}: NotificationDeps): Notifications {
  const dispatcher = createDispatcher({
    ...deps,
    secretBox: createSecretBox(settings.WEBHOOK_SECRET_KEY),
    postOptions: {
      resolve,
      allowPrivate: settings.WEBHOOK_ALLOW_PRIVATE,
      timeoutMs: settings.WEBHOOK_TIMEOUT_MS,
    },
    retryForMs: settings.WEBHOOK_RETRY_HOURS * HOUR_MS,
  });
  return {
    name: 'notifications',
    apply: async (tx, events) => {
      if (events.length === 0) return [];
      insertNotifications(tx, events);
      await queueDeliveries(tx, events);
      return [];
    },
    forget: deleteNotifications,
    ...dispatcher,
  };
}
