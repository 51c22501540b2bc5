import type { Queryable } from '@souk/database';
import type { SealedSecret } from './secrets';

/** The URL to which the notifications of an account are posted. */
export interface Webhook {
  accountId: string;
  url: string;
  createdAt: Date;
  updatedAt: Date;
  /** When its receiver responded with 410; `null` while it is enabled. */
  disabledAt: Date | null;
}

/** A secret that currently signs deliveries. */
export interface LiveSecret extends SealedSecret {
  createdAt: Date;
  /** `null` for the newest secret. */
  expiresAt: Date | null;
}

/**
 * Registers a webhook or changes its URL, and locks its row until the end of the transaction. A disabled webhook is registered
 * again and receives events from then on.
 */
export async function putWebhook(tx: Queryable, accountId: string, url: string): Promise<void> {
  const { host } = new URL(url);
  await tx.write(
    `INSERT INTO webhook (account_id, url, host, created_at, updated_at) VALUES (?, ?, ?, NOW(3), NOW(3))
     ON DUPLICATE KEY UPDATE url = ?, host = ?, updated_at = NOW(3),
       created_at = IF(disabled_at IS NULL, created_at, NOW(3)), disabled_at = NULL`,
    [accountId, url, host, url, host],
  );
}

export async function findWebhook(db: Queryable, accountId: string): Promise<Webhook | undefined> {
  const [row] = await db.rows<{
    account_id: string;
    url: string;
    created_at: Date;
    updated_at: Date;
    disabled_at: Date | null;
  }>('SELECT account_id, url, created_at, updated_at, disabled_at FROM webhook WHERE account_id = ?', [accountId]);
  return (
    row && {
      ...{ accountId: row.account_id, url: row.url },
      ...{ createdAt: row.created_at, updatedAt: row.updated_at, disabledAt: row.disabled_at },
    }
  );
}

/**
 * Locks a webhook, so that it is neither removed nor disabled before the end of the transaction.
 * @returns whether there is an enabled webhook
 */
export async function lockWebhook(tx: Queryable, accountId: string): Promise<boolean> {
  const [row] = await tx.rows<{ disabled_at: Date | null }>(
    'SELECT disabled_at FROM webhook WHERE account_id = ? FOR UPDATE',
    [accountId],
  );
  return row?.disabled_at === null;
}

/** Disables a webhook until it is set again, unless its URL has changed. @returns whether this call disabled it */
export async function disableWebhook(tx: Queryable, accountId: string, url: string): Promise<boolean> {
  const changed = await tx.write(
    'UPDATE webhook SET disabled_at = NOW(3) WHERE account_id = ? AND url = ? AND disabled_at IS NULL',
    [accountId, url],
  );
  return changed > 0;
}

export async function deleteWebhook(tx: Queryable, accountId: string): Promise<void> {
  await tx.write('DELETE FROM webhook WHERE account_id = ?', [accountId]);
  await tx.write('DELETE FROM webhook_secret WHERE account_id = ?', [accountId]);
}

/** @returns the secrets that currently sign the accounts' deliveries, newest first */
export async function liveSecrets(db: Queryable, accountIds: readonly string[]): Promise<LiveSecret[]> {
  const rows = await db.rows<{
    id: string;
    account_id: string;
    sealed: Buffer;
    created_at: Date;
    expires_at: Date | null;
  }>(
    `SELECT id, account_id, sealed, created_at, expires_at FROM webhook_secret
      WHERE account_id IN (?) AND (expires_at IS NULL OR expires_at > NOW(3))
      ORDER BY expires_at IS NULL DESC, expires_at DESC`,
    [accountIds],
  );
  return rows.map(({ account_id, created_at, expires_at, ...same }) => ({
    ...same,
    accountId: account_id,
    createdAt: created_at,
    expiresAt: expires_at,
  }));
}

/** Adds a secret. The previous one expires after the overlap; an older one is deleted now, so that at most two are live. */
export async function addSecret(tx: Queryable, secret: SealedSecret, overlapHours: number): Promise<void> {
  const { id, accountId, sealed } = secret;
  await tx.write('DELETE FROM webhook_secret WHERE account_id = ? AND expires_at IS NOT NULL', [accountId]);
  await tx.write('UPDATE webhook_secret SET expires_at = NOW(3) + INTERVAL ? HOUR WHERE account_id = ?', [
    overlapHours,
    accountId,
  ]);
  await tx.write('INSERT INTO webhook_secret (id, account_id, sealed, created_at) VALUES (?, ?, ?, NOW(3))', [
    id,
    accountId,
    sealed,
  ]);
}

/** Deletes expired secrets. */
export const purgeSecrets = (db: Queryable): Promise<number> =>
  db.write('DELETE FROM webhook_secret WHERE expires_at < NOW(3)');
