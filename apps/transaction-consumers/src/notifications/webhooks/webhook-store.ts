import type { Queryable } from '@souk/database';
import type { SealedSecret } from './secrets';

/** Where the notifications of an account are posted. */
export interface Webhook {
  accountId: string;
  url: string;
  createdAt: Date;
  updatedAt: Date;
}

/** A secret that deliveries are signed with now. */
export interface LiveSecret extends SealedSecret {
  createdAt: Date;
  /** `null` of the newest. */
  expiresAt: Date | null;
}

/** Registers a webhook, or gives it another URL; its row stays locked until the end of the transaction. */
export async function putWebhook(tx: Queryable, accountId: string, url: string): Promise<void> {
  await tx.write(
    `INSERT INTO webhook (account_id, url, host, created_at, updated_at) VALUES (?, ?, ?, NOW(3), NOW(3))
     ON DUPLICATE KEY UPDATE url = VALUES(url), host = VALUES(host), updated_at = NOW(3)`,
    [accountId, url, new URL(url).host],
  );
}

export async function findWebhook(db: Queryable, accountId: string): Promise<Webhook | undefined> {
  const [row] = await db.rows<{ account_id: string; url: string; created_at: Date; updated_at: Date }>(
    'SELECT account_id, url, created_at, updated_at FROM webhook WHERE account_id = ?',
    [accountId],
  );
  return row && { accountId: row.account_id, url: row.url, createdAt: row.created_at, updatedAt: row.updated_at };
}

/** Locks a webhook, so that it is not removed before the end of the transaction. @returns whether there is one */
export async function lockWebhook(tx: Queryable, accountId: string): Promise<boolean> {
  const rows = await tx.rows('SELECT account_id FROM webhook WHERE account_id = ? FOR UPDATE', [accountId]);
  return rows.length > 0;
}

export async function deleteWebhook(tx: Queryable, accountId: string): Promise<void> {
  await tx.write('DELETE FROM webhook WHERE account_id = ?', [accountId]);
  await tx.write('DELETE FROM webhook_secret WHERE account_id = ?', [accountId]);
}

/** @returns the secrets that deliveries to webhooks are signed with now, newest first */
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

/** Makes a secret the newest. The one before it expires after the overlap; one that is older still goes now: two are live at most. */
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

/** Deletes secrets that nothing is signed with any more. */
export const purgeSecrets = (db: Queryable): Promise<number> =>
  db.write('DELETE FROM webhook_secret WHERE expires_at < NOW(3)');
