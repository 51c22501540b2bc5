import { NOTIFICATION_FAILURES } from '@souk/contracts';
import { answerBy, invalidFieldAnswer, type Answer } from '@souk/http';
import type { Delivery } from './deliveries/list-deliveries';
import type { WebhookView } from './manage-webhook';

/** Turns the result of a use case into an answer; refusals become the failures that the contract declares. */
export const answer = answerBy({
  WEBHOOK_NOT_FOUND: NOTIFICATION_FAILURES.webhookNotFound,
  DELIVERY_NOT_FOUND: NOTIFICATION_FAILURES.deliveryNotFound,
});

export const answerPrivateAddress = (): Answer =>
  invalidFieldAnswer(NOTIFICATION_FAILURES.privateAddress, 'url', 'must not name a private address');

/** A webhook as admins see it. */
export const presentWebhook = ({ webhook, secrets, secret }: WebhookView) => ({
  account_id: webhook.accountId,
  url: webhook.url,
  secret,
  secrets: secrets.map(({ id, createdAt, expiresAt }) => ({
    id,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  })),
  created_at: webhook.createdAt.toISOString(),
  updated_at: webhook.updatedAt.toISOString(),
  ...(webhook.disabledAt && { disabled_at: webhook.disabledAt.toISOString() }),
});

/** A delivery as admins see it. */
export const presentDelivery = ({ attempts, createdAt, dueAt, endedAt, ...same }: Delivery) => ({
  id: same.id,
  sequence: same.sequence,
  type: same.type,
  state: same.state,
  attempts: attempts.map(({ at, status, error, response, durationMs }) => ({
    at: at.toISOString(),
    status,
    error,
    response,
    duration_ms: durationMs,
  })),
  created_at: createdAt.toISOString(),
  next_attempt_at: dueAt?.toISOString() ?? null,
  ended_at: endedAt?.toISOString() ?? null,
});
