import { createOpenAccess } from '@souk/access';
import { MONITORING_API_DESCRIPTION } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createHttpApp, problemFailures } from '@souk/http';
import { createLogger, createMetrics, type Registry } from '@souk/service';
import type { TestDatabase } from '@souk/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AccountEvent } from '../../src/consumer';
import { notifications as migration } from '../../src/migrations/0003-notifications';
import { redeliveries } from '../../src/migrations/0005-redeliveries';
import { disabledWebhooks } from '../../src/migrations/0006-disabled-webhooks';
import { paidFor } from '../../src/migrations/0007-paid-for';
import { createNotifications, type Notifications } from '../../src/notifications/notifications';
import { bindNotificationRoutes } from '../../src/notifications/routes';
import { notificationSettings, type NotificationSettings } from '../../src/notifications/settings';
import { bindWebhookRoutes } from '../../src/notifications/webhooks/routes';
import type { Resolve } from '../../src/notifications/webhooks/sending/addresses';
import { createWebhookMetrics } from '../../src/notifications/webhooks/webhook-metrics';

export interface TestNotifications {
  db: Database;
  /** The consumer. It isn't started, so nothing is delivered until the test starts it. */
  consumer: Notifications;
  registry: Registry;
  /** The base URL of the routes. */
  url: string;
  apply(events: readonly AccountEvent[]): Promise<void>;
  forget(): Promise<void>;
  /** Creates another consumer on the same database, like another replica. The caller must start and stop it. */
  replica(settings?: Partial<NotificationSettings>, resolve?: Resolve): Notifications;
  stop(): Promise<void>;
}

export const ADMIN_KEY = 'test-admin-key';
const SECRET_KEY = randomBytes(32).toString('base64');

/** Starts notifications and their routes on a free port, as the app does. By default, receivers may be on this machine. */
export async function startTestNotifications(
  { url }: Pick<TestDatabase, 'url'>,
  settings: Partial<NotificationSettings> = {},
  resolve?: Resolve,
  adminKey: string | null = ADMIN_KEY,
): Promise<TestNotifications> {
  await migrate(url, [migration, redeliveries, disabledWebhooks, paidFor]);
  const db = createDatabase({ url, poolSize: 8, acquireTimeoutMs: 5_000, statementTimeoutMs: 10_000 });
  const defaults = z
    .object(notificationSettings)
    .parse({ WEBHOOK_SECRET_KEY: SECRET_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' });
  const logger = createLogger('monitoring', 'silent');
  const registry = createMetrics('monitoring');
  const metrics = createWebhookMetrics(registry, db);
  const effectiveSettings = { ...defaults, ...settings };
  const replica: TestNotifications['replica'] = (replicaSettings = {}, replicaResolve) =>
    createNotifications({
      db,
      settings: { ...effectiveSettings, ...replicaSettings },
      logger,
      metrics,
      ...(replicaResolve && { resolve: replicaResolve }),
    });
  const consumer = replica({}, resolve);
  const http = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: MONITORING_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    checks: {},
    access: createOpenAccess(adminKey ?? undefined, createLogger('test', 'silent')),
    corsOrigins: [],
    inFlightMax: 100,
  });
  const requireReady = () => undefined;
  bindNotificationRoutes(http, { db, requireReady });
  bindWebhookRoutes(http, { db, settings: effectiveSettings, metrics, requireReady });
  await http.start();
  const monitor: TestNotifications = {
    db,
    consumer,
    registry,
    url: `http://127.0.0.1:${http.port()}`,
    apply: async (events) => {
      await db.transaction((tx) => consumer.apply(tx, events, 0));
    },
    forget: () => db.transaction((tx) => consumer.forget(tx)),
    replica,
    stop: async () => {
      await monitor.consumer.stop();
      await http.stop();
      await db.close();
    },
  };
  return monitor;
}

/** An event of an account; by default, an incoming transfer of 12.50 USD one second from now. */
export const event = (fields: Partial<AccountEvent> & Pick<AccountEvent, 'accountId'>): AccountEvent => ({
  sequence: 1,
  transactionId: randomUUID(),
  type: 'transfer',
  status: 'completed',
  reason: '',
  amount: 1_250n,
  currency: 'USD',
  // Later than any webhook of the test, even if the clocks of test and database differ slightly.
  at: new Date(Date.now() + 1_000),
  orderId: null,
  withdrawalId: null,
  isFirst: true,
  ...fields,
});

/** Events 1 to `count` of an account. */
export const events = (accountId: string, count: number): AccountEvent[] =>
  Array.from({ length: count }, (_, index) => event({ accountId, sequence: index + 1 }));
