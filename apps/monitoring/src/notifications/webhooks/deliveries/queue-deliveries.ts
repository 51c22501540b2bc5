import type { Transaction } from '@souk/database';
import { notificationOf, presentNotification, type Notification, type NotifiedEvent } from '../../notification';

/** The body that is posted to a webhook's receiver. */
const bodyOf = (notification: Notification) =>
  JSON.stringify({
    id: notification.id,
    type: notification.kind,
    created_at: notification.createdAt.toISOString(),
    data: presentNotification(notification),
  });

/**
 * Queues a delivery for each event whose account had a webhook when it happened. An event is queued only once, even if a rebuild
 * reapplies it after its delivery was purged.
 */
export async function queueDeliveries(tx: Transaction, events: readonly NotifiedEvent[]): Promise<void> {
  const accountIds = [...new Set(events.map(({ accountId }) => accountId))].sort();
  // Locked, so that a webhook is removed either before this, and nothing is queued, or after it, and the deliveries are cancelled.
  const webhooks = await tx.rows<{ account_id: string; queued_to: number; created_at: Date }>(
    `SELECT account_id, queued_to, created_at FROM webhook FORCE INDEX (PRIMARY)
      WHERE account_id IN (?) AND disabled_at IS NULL ORDER BY account_id FOR UPDATE`,
    [accountIds],
  );
  const webhookOf = new Map(webhooks.map((webhook) => [webhook.account_id, webhook]));
  const due = events.filter(({ accountId, sequence, at }) => {
    const webhook = webhookOf.get(accountId);
    return webhook !== undefined && sequence > webhook.queued_to && at >= webhook.created_at;
  });
  if (due.length === 0) return;
  await insertDeliveries(tx, due.map(notificationOf));
  setQueuedTo(tx, due);
}

/**
 * The accounts are locked, so checking first prevents duplicates. With ON DUPLICATE KEY the engine would lock gaps in the key, and
 * replicas that queue for different accounts would deadlock.
 */
async function insertDeliveries(tx: Transaction, notifications: readonly Notification[]): Promise<void> {
  const ids = notifications.map(({ id }) => id);
  const rows = await tx.rows<{ id: string }>('SELECT id FROM webhook_delivery WHERE id IN (?)', [ids]);
  const existingIds = new Set(rows.map(({ id }) => id));
  // Deliveries exist if a webhook was removed and registered again while the clocks of the wallet and the database disagreed.
  const values = notifications
    .filter(({ id }) => !existingIds.has(id))
    .map((notification) => [
      ...[notification.id, notification.accountId, notification.sequence, notification.kind, bodyOf(notification)],
    ]);
  if (values.length === 0) return;
  tx.defer(
    `INSERT INTO webhook_delivery (id, account_id, sequence, type, body, due_at, pending_since, created_at)
     VALUES ${values.map(() => '(?, NOW(3), NOW(3), NOW(3))').join(', ')}`,
    values,
  );
}

function setQueuedTo(tx: Transaction, due: readonly NotifiedEvent[]): void {
  // The events are in order of sequence, so the map keeps the last sequence of each account.
  const queuedTo = new Map(due.map(({ accountId, sequence }) => [accountId, sequence]));
  const cases = [...queuedTo].map(() => 'WHEN ? THEN ?').join(' ');
  tx.defer(
    `UPDATE webhook FORCE INDEX (PRIMARY) SET queued_to = CASE account_id ${cases} END WHERE account_id IN (?)`,
    [...[...queuedTo].flat(), [...queuedTo.keys()]],
  );
}
