import type { Database } from '@souk/database';
import type { Logger } from '@souk/service';
import type { ClaimedDelivery } from '../deliveries/claim-deliveries';
import { endAttempt, releaseClaim } from '../deliveries/end-attempt';
import type { SecretBox } from '../secrets';
import type { WebhookMetrics } from '../webhook-metrics';
import { post, type PostOptions, type PostResult } from './post';
import { signatureHeaders } from './sign';

export interface DeliverDeps {
  db: Database;
  logger: Logger;
  metrics: WebhookMetrics;
  secretBox: SecretBox;
  postOptions: PostOptions;
  /** How long a failing delivery is retried before it is dead. */
  retryForMs: number;
}

/**
 * Makes one attempt at a claimed delivery and records its outcome.
 * @param signal aborts the attempt and releases the claim
 * @throws AppError `unavailable`, `timeout` if the outcome wasn't recorded: once the lease ends, the delivery is attempted again
 */
export async function deliver(deps: DeliverDeps, claimed: ClaimedDelivery, signal: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  const result = await signAndPost(deps, claimed, { startedAt, signal });
  if (result.failure !== undefined && signal.aborted) {
    await releaseClaim(deps.db, claimed);
    return;
  }
  const durationMs = Date.now() - startedAt;
  const outcome = await endAttempt(deps.db, claimed, { ...result, startedAt, durationMs }, deps.retryForMs);
  const { failure = 'delivered', status } = result;
  deps.metrics.attempts.inc({ outcome: failure });
  if (outcome === 'delivered') deps.metrics.ended.inc({ state: 'delivered' });
  if (outcome === 'dead' || outcome === 'disabled') deps.metrics.ended.inc({ state: 'dead' });
  const logFields = { deliveryId: claimed.id, accountId: claimed.accountId, host: claimed.host, failure, status };
  if (outcome === 'disabled') deps.logger.warn(logFields, 'a webhook was disabled: its receiver answered 410');
  else if (outcome === 'dead') deps.logger.warn(logFields, 'gave up on a delivery');
  else deps.logger.debug({ ...logFields, outcome }, 'a delivery was attempted');
}

async function signAndPost(
  { secretBox, postOptions, logger }: DeliverDeps,
  { id, url, body, secrets }: ClaimedDelivery,
  { startedAt, signal }: { startedAt: number; signal: AbortSignal },
): Promise<PostResult> {
  let plainSecrets: string[];
  try {
    plainSecrets = secrets.map(secretBox.open);
  } catch (error) {
    // An unsigned message is useless to its receiver, and a wrong key can be corrected while the delivery is retried.
    logger.error(
      { err: error, deliveryId: id },
      'the secret of a webhook could not be decrypted; has WEBHOOK_SECRET_KEY changed?',
    );
    return { failure: 'secret', response: '' };
  }
  const timestamp = Math.floor(startedAt / 1_000);
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'Souk-Webhooks/1.0',
    ...signatureHeaders({ id, timestamp, body }, plainSecrets),
  };
  return post(postOptions, { url, headers, body }, signal);
}
