import {
  getWebhookRoute,
  listDeliveriesRoute,
  redeliverDeadRoute,
  redeliverRoute,
  removeWebhookRoute,
  setWebhookRoute,
  type RouteDeclaration,
} from '@souk/contracts';
import type { Database } from '@souk/database';
import { keyIdsOf, type HttpApp, type RequestFacts } from '@souk/http';
import { bindWhenReady } from '../../bind-when-ready';
import { answerPage } from '../answer-page';
import type { NotificationSettings } from '../settings';
import { answer, answerPrivateAddress, presentDelivery, presentWebhook } from './answers';
import { listDeliveries } from './deliveries/list-deliveries';
import { redeliver, redeliverDead } from './deliveries/redeliver';
import type { RedeliveryIds } from './deliveries/redelivery-store';
import { readWebhook, removeWebhook, setWebhook } from './manage-webhook';
import { createSecretBox } from './secrets';
import type { WebhookMetrics } from './webhook-metrics';

export interface WebhookRouteDeps {
  db: Database;
  settings: NotificationSettings;
  metrics: WebhookMetrics;
  /** @throws AppError `unavailable` until the schema is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, webhook-routes) to the use cases. */
export function bindWebhookRoutes(http: HttpApp, deps: WebhookRouteDeps): void {
  const { db, settings, metrics } = deps;
  const bind = bindWhenReady(http, deps.requireReady);
  const webhookDeps = {
    db,
    secretBox: createSecretBox(settings.WEBHOOK_SECRET_KEY),
    overlapHours: settings.WEBHOOK_SECRET_OVERLAP_HOURS,
    allowPrivate: settings.WEBHOOK_ALLOW_PRIVATE,
  };

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

  bind(listDeliveriesRoute, ({ params, query }) =>
    answerPage(params.id, query, (bounds) => listDeliveries(db, bounds), presentDelivery),
  );

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

const presentRedelivered = ({ redelivered }: { redelivered: number }) => ({ redelivered });

/** These routes have no fields, so all requests with the same key are equal. */
function redeliveryIdsOf(
  route: RouteDeclaration,
  input: { params: Record<string, string>; body: unknown },
  { idempotency, caller: { owner } }: RequestFacts,
): RedeliveryIds | undefined {
  if (!idempotency) return undefined;
  const { id, earlierIds } = keyIdsOf(route, input, { key: idempotency.key, owner });
  return [id, ...earlierIds].map((bytes) => bytes.toString('hex')).sort();
}
