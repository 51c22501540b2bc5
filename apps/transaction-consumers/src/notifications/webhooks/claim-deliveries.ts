import type { Database, Queryable } from '@souk/database';
import { randomUUID } from 'node:crypto';
import type { SealedSecret } from './secrets';
import { liveSecrets } from './webhook-store';

/** An account that has a delivery due. */
export interface DueAccount {
  accountId: string;
  host: string;
}

/** A delivery that is this process's to make, until its lease is over. */
export interface ClaimedDelivery extends DueAccount {
  id: string;
  claimId: string;
  url: string;
  body: string;
  secrets: SealedSecret[];
}

/**
 * @param skip accounts and hosts that are at their limits: none of theirs is looked at, however many there are
 * @returns accounts with a delivery due, the one that waits longest first
 */
export async function dueAccounts(
  db: Queryable,
  skip: { accounts: readonly string[]; hosts: readonly string[] },
  limit: number,
): Promise<DueAccount[]> {
  // No account and no host is '': the lists are never empty.
  const rows = await db.rows<{ account_id: string; host: string }>(
    `SELECT d.account_id, w.host
       FROM (SELECT account_id, MIN(due_at) AS due_at FROM webhook_delivery WHERE state = 'pending' GROUP BY account_id) d
       JOIN webhook w ON w.account_id = d.account_id
      WHERE d.due_at <= NOW(3) AND d.account_id NOT IN (?) AND w.host NOT IN (?)
      ORDER BY d.due_at LIMIT ?`,
    [['', ...skip.accounts], ['', ...skip.hosts], limit],
  );
  return rows.map(({ account_id, host }) => ({ accountId: account_id, host }));
}

/**
 * Claims the delivery that is due longest, of each of these accounts. Nobody else gets them before the lease is over; then whoever
 * claimed them is dead.
 */
export async function claimDeliveries(
  db: Database,
  accountIds: readonly string[],
  leaseMs: number,
): Promise<ClaimedDelivery[]> {
  const claimId = randomUUID();
  return db.transaction(async (tx) => {
    const claimed: { id: string; accountId: string; body: string }[] = [];
    for (const accountId of accountIds) {
      const [row] = await tx.rows<{ id: string; body: string }>(
        `SELECT id, body FROM webhook_delivery WHERE state = 'pending' AND account_id = ? AND due_at <= NOW(3)
          ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [accountId],
      );
      if (row) claimed.push({ ...row, accountId });
    }
    if (claimed.length === 0) return [];
    await tx.write(
      `UPDATE webhook_delivery SET claim_id = ?, tries = tries + 1, due_at = NOW(3) + INTERVAL ? MICROSECOND
        WHERE id IN (?)`,
      [claimId, leaseMs * 1_000, claimed.map(({ id }) => id)],
    );
    const receivers = await receiversOf(tx, accountIds);
    // Whoever removes a webhook waits for the rows that are locked here: it is there.
    return claimed.map((each) => ({ ...each, claimId, ...receivers.get(each.accountId)! }));
  });
}

type Receiver = Pick<ClaimedDelivery, 'url' | 'host' | 'secrets'>;

async function receiversOf(tx: Queryable, accountIds: readonly string[]): Promise<Map<string, Receiver>> {
  const webhooks = await tx.rows<{ account_id: string; url: string; host: string }>(
    'SELECT account_id, url, host FROM webhook WHERE account_id IN (?)',
    [accountIds],
  );
  const secrets = await liveSecrets(tx, accountIds);
  return new Map(
    webhooks.map(({ account_id, url, host }) => [
      account_id,
      { url, host, secrets: secrets.filter(({ accountId }) => accountId === account_id) },
    ]),
  );
}
