import type { Database } from '@souk/database';
import { cancelPending, CHUNK_ROWS } from './deliveries/delivery-store';
import type { SecretBox } from './secrets';
import { isPrivateAddress, literalAddress } from './sending/addresses';
import { localAddresses } from './sending/hosts-file';
import {
  addSecret,
  deleteWebhook,
  findWebhook,
  liveSecrets,
  putWebhook,
  type LiveSecret,
  type Webhook,
} from './webhook-store';

export interface WebhookDeps {
  db: Database;
  secretBox: SecretBox;
  /** How long the old secret stays valid after a rotation. */
  overlapHours: number;
  /** Whether a webhook may have an address that is not public. */
  allowPrivate: boolean;
}

interface SetWebhookCommand {
  accountId: string;
  url: string;
  /** Creates a new secret. */
  rotateSecret: boolean;
}

/** A webhook with its secrets. */
export interface WebhookView {
  webhook: Webhook;
  secrets: LiveSecret[];
  /** The new secret if one was created; it is never shown again. */
  secret: string | null;
}

type SetWebhookResult = ({ ok: true } & WebhookView) | { ok: false; code: 'PRIVATE_ADDRESS' };

/**
 * Registers a webhook, changes its URL, or rotates its secret. An address in the URL, or of a name that this machine resolves
 * without DNS, is checked immediately. All addresses are checked again at each attempt, because they may change.
 * @returns the webhook, with the new secret if there is one; or PRIVATE_ADDRESS, in which case nothing was done
 * @throws AppError `unavailable`, `timeout`
 */
export async function setWebhook(deps: WebhookDeps, command: SetWebhookCommand): Promise<SetWebhookResult> {
  const { accountId, url, rotateSecret } = command;
  if (!deps.allowPrivate && localAddressesOf(new URL(url)).some(isPrivateAddress))
    return { ok: false, code: 'PRIVATE_ADDRESS' };
  return deps.db.transaction(async (tx) => {
    await putWebhook(tx, accountId, url);
    const isFirst = (await liveSecrets(tx, [accountId])).length === 0;
    const newSecret = isFirst || rotateSecret ? deps.secretBox.create(accountId) : undefined;
    if (newSecret) await addSecret(tx, newSecret, deps.overlapHours);
    const [webhook, secrets] = [await findWebhook(tx, accountId), await liveSecrets(tx, [accountId])];
    return { ok: true, webhook: webhook!, secrets, secret: newSecret?.secret ?? null };
  });
}

function localAddressesOf(url: URL): string[] {
  const literal = literalAddress(url);
  return literal === undefined ? localAddresses(url.hostname).map(({ address }) => address) : [literal];
}

type ReadWebhookResult = ({ ok: true } & WebhookView) | { ok: false; code: 'WEBHOOK_NOT_FOUND' };

/** @returns the webhook; or WEBHOOK_NOT_FOUND. @throws AppError `unavailable` */
export async function readWebhook({ db }: Pick<WebhookDeps, 'db'>, accountId: string): Promise<ReadWebhookResult> {
  const webhook = await findWebhook(db, accountId);
  if (!webhook) return { ok: false, code: 'WEBHOOK_NOT_FOUND' };
  return { ok: true, webhook, secrets: await liveSecrets(db, [accountId]), secret: null };
}

/**
 * Removes a webhook with its secrets and cancels its pending deliveries. After the first transaction, nothing more is queued or
 * claimed; each chunk is cancelled in a transaction of its own. If a removal is interrupted, the next call cancels the rest.
 * @returns the number of cancelled deliveries
 * @throws AppError `unavailable`, `timeout`
 */
export async function removeWebhook({ db }: Pick<WebhookDeps, 'db'>, accountId: string): Promise<number> {
  await db.transaction((tx) => deleteWebhook(tx, accountId));
  for (let cancelled = 0; ;) {
    const chunk = await db.transaction((tx) => cancelPending(tx, accountId));
    cancelled += chunk;
    if (chunk < CHUNK_ROWS) return cancelled;
  }
}
