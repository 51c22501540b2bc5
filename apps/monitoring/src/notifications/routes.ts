import {
  getWebhookRoute,
  listDeliveriesRoute,
  listNotificationsRoute,
  NOTIFICATION_FAILURES,
  redeliverDeadRoute,
  redeliverRoute,
  removeWebhookRoute,
  setWebhookRoute,
  type RouteDeclaration,
  type RouteInput,
} from '@souk/contracts';
import type { Database } from '@souk/database';
import { keyIdsOf, invalidCursorAnswer, type Answer, type HttpApp, type RequestFacts } from '@souk/http';
import { answer, answerPrivateAddress, presentDelivery, presentWebhook } from './answers';
import { presentNotification } from './notification';
import { listNotifications } from './notification-store';
import { readPage, type PageQuery } from './read-page';
import type { NotificationSettings } from './settings';
import { listDeliveries } from './webhooks/deliveries/delivery-log';
import { redeliver, redeliverDead } from './webhooks/deliveries/redeliver';
import type { RedeliveryIds } from './webhooks/deliveries/redelivery-store';
import { readWebhook, removeWebhook, setWebhook } from './webhooks/manage-webhook';
import { createSecretBox } from './webhooks/secrets';
import type { WebhookMetrics } from './webhooks/webhook-metrics';

export interface NotificationRouteDeps {
  db: Database;
  settings: NotificationSettings;
  metrics: WebhookMetrics;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, notification-routes and webhook-routes) to the use cases. */
export function bindNotificationRoutes(http: HttpApp, deps: NotificationRouteDeps): void {
  const { db, settings, metrics } = deps;
  // Checked only after a request is validated, so an invalid request gets its faults even before the schema is ready.
  const bind = <Route extends RouteDeclaration>(
    route: Route,
    handle: (input: RouteInput<Route>, facts: RequestFacts) => Promise<Answer>,
  ) =>
    http.bind(route, async (input, facts) => {
      deps.requireReady();
      return handle(input, facts);
    });
  const webhookDeps = {
    db,
    secretBox: createSecretBox(settings.WEBHOOK_SECRET_KEY),
    overlapHours: settings.WEBHOOK_SECRET_OVERLAP_HOURS,
    allowPrivate: settings.WEBHOOK_ALLOW_PRIVATE,
  };

  bind(listNotificationsRoute, ({ params, query }) =>
    answerPage(params.id, query, (page) => listNotifications(db, page), presentNotification),
  );

  bind(listDeliveriesRoute, ({ params, query }) =>
    answerPage(params.id, query, (page) => listDeliveries(db, page), presentDelivery),
  );

  bind(setWebhookRoute, async ({ params, body }) => {
    const command = { accountId: params.id, url: body.url, rotateSecret: body.rotate_secret === true };
    const result = await setWebhook(webhookDeps, command);
    return result.ok ? { status: 200, body: presentWebhook(result) } : answerPrivateAddress();
  });

  bind(getWebhookRoute, async ({ params }) => answer(await readWebhook(webhookDeps, params.id), presentWebhook));

  bind(removeWebhookRoute, async ({ params }) => {
    const cancelled = await removeWebhook(webhookDeps, params.id);
    metrics.ended.inc({ state: 'cancelled' }, cancelled);
    return { status: 200, body: { account_id: params.id, cancelled } };
  });

  const presentRedelivered = ({ redelivered }: { redelivered: number }) => ({ redelivered });

  bind(redeliverRoute, async (input, facts) => {
    const { id: accountId, delivery_id: deliveryId } = input.params;
    const command = { accountId, deliveryId, redeliveryIds: redeliveryIdsOf(redeliverRoute, input, facts) };
    return answer(await redeliver({ db }, command), presentRedelivered, 202);
  });

  bind(redeliverDeadRoute, async (input, facts) => {
    const command = { accountId: input.params.id, redeliveryIds: redeliveryIdsOf(redeliverDeadRoute, input, facts) };
    return answer(await redeliverDead({ db }, command), presentRedelivered, 202);
  });
}

/** These routes have no fields, so all requests with the same key are equal. */
function redeliveryIdsOf(
  route: RouteDeclaration,
  input: { params: Record<string, string>; body: unknown },
  { idempotency }: RequestFacts,
): RedeliveryIds | undefined {
  if (!idempotency) return undefined;
  const { id, earlierIds } = keyIdsOf(route, input, idempotency.key);
  return [id, ...earlierIds].map((each) => each.toString('hex')).sort();
}

async function answerPage<Item extends { sequence: number }>(
  accountId: string,
  query: PageQuery,
  list: (page: { accountId: string; before: number; limit: number }) => Promise<Item[]>,
  present: (item: Item) => unknown,
): Promise<Answer> {
  const page = await readPage(query, (bounds) => list({ accountId, ...bounds }));
  if (!page.ok) return invalidCursorAnswer(NOTIFICATION_FAILURES.invalidField);
  return { status: 200, body: { items: page.items.map(present), next: page.next } };
}
