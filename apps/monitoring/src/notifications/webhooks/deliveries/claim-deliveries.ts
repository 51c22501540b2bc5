import type { Database, Queryable } from '@souk/database';
import { randomUUID } from 'node:crypto';
import type { SealedSecret } from '../secrets';
import { liveSecrets } from '../webhook-store';

/** An account with a due delivery. */
export interface DueAccount {
  accountId: string;
  host: string;
}

/** A delivery that this process has claimed until its lease expires. */
export interface ClaimedDelivery extends DueAccount {
  id: string;
  claimId: string;
  url: string;
  body: string;
  secrets: SealedSecret[];
}

/**
 * @param skip accounts and hosts at their limits; their deliveries are not considered, however many there are
 * @returns accounts with a due delivery, those that have waited longest first
 */
export async function dueAccounts(
  db: Queryable,
  skip: { accounts: readonly string[]; hosts: readonly string[] },
  limit: number,
): Promise<DueAccount[]> {
  // No account or host is ''; it only keeps the lists from being empty.
  const rows = await db.rows<{ account_id: string; host: string }>(
    `SELECT d.account_id, w.host
       FROM (SELECT account_id, MIN(due_at) AS due_at FROM webhook_delivery WHERE state = 'pending' GROUP BY account_id) d
       JOIN webhook w ON w.account_id = d.account_id AND w.disabled_at IS NULL
      WHERE d.due_at <= NOW(3) AND d.account_id NOT IN (?) AND w.host NOT IN (?)
      ORDER BY d.due_at LIMIT ?`,
    [['', ...skip.accounts], ['', ...skip.hosts], limit],
  );
  return rows.map(({ account_id, host }) => ({ accountId: account_id, host }));
}

/**
 * Claims the delivery of each of these accounts that has been due longest. No other process can claim it before the lease expires;
 * the lease outlasts an attempt, so by then the claiming process is dead or stuck.
 */
export async function claimDeliveries(
  db: Database,
  accountIds: readonly string[],
  leaseMs: number,
): Promise<ClaimedDelivery[]> {
  const claimId = randomUUID();
  return db.transaction(async (tx) => {
    const receivers = await receiversOf(tx, accountIds);
    const claimed: { id: string; body: string; receiver: Receiver }[] = [];
    for (const receiver of receivers) {
      // Deliveries that became pending under a removed webhook will be cancelled, even if there is a new webhook by now.
      const [row] = await tx.rows<{ id: string; body: string }>(
        `SELECT id, body FROM webhook_delivery FORCE INDEX (by_due)
          WHERE state = 'pending' AND account_id = ? AND due_at <= NOW(3) AND pending_since >= ?
          ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [receiver.accountId, receiver.since],
      );
      if (row) claimed.push({ ...row, receiver });
    }
    if (claimed.length === 0) return [];
    await tx.write(
      `UPDATE webhook_delivery FORCE INDEX (PRIMARY) SET claim_id = ?, tries = tries + 1, due_at = NOW(3) + INTERVAL ? MICROSECOND
        WHERE id IN (?)`,
      [claimId, leaseMs * 1_000, claimed.map(({ id }) => id)],
    );
    return claimed.map(({ id, body, receiver: { since: _, ...receiver } }) => ({ id, body, claimId, ...receiver }));
  });
}

interface Receiver extends Pick<ClaimedDelivery, 'accountId' | 'url' | 'host' | 'secrets'> {
  /** When the webhook was registered. */
  since: Date;
}

async function receiversOf(tx: Queryable, accountIds: readonly string[]): Promise<Receiver[]> {
  const webhooks = await tx.rows<{ account_id: string; url: string; host: string; created_at: Date }>(
    'SELECT account_id, url, host, created_at FROM webhook WHERE account_id IN (?) AND disabled_at IS NULL',
    [accountIds],
  );
  const secrets = await liveSecrets(tx, accountIds);
  return webhooks.map(({ account_id, url, host, created_at }) => ({
    ...{ accountId: account_id, url, host, since: created_at },
    secrets: secrets.filter(({ accountId }) => accountId === account_id),
  }));
}
