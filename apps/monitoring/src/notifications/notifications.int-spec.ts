import { createTestDatabase, type TestDatabase } from '@souk/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import {
  event,
  events,
  startTestNotifications,
  type TestNotifications,
} from '../../test/notifications/start-test-notifications';
import type { AccountEvent } from '../consumer';
import { notificationOf, type Notification } from './notification';
import { listNotifications } from './notification-store';
import { setWebhook, type WebhookDeps } from './webhooks/manage-webhook';
import { createSecretBox } from './webhooks/secrets';

let database: TestDatabase;
let monitor: TestNotifications;
let webhooks: WebhookDeps;

beforeAll(async () => {
  database = await createTestDatabase('notifications');
  monitor = await startTestNotifications(database);
  const secretBox = createSecretBox(Buffer.alloc(32).toString('base64'));
  webhooks = { db: monitor.db, secretBox, overlapHours: 24, allowPrivate: true };
});

afterAll(async () => {
  await monitor.stop();
  await database.drop();
});

const register = (accountId: string) =>
  setWebhook(webhooks, { accountId, url: 'http://127.0.0.1:9/hooks', rotateSecret: false });

const notificationsOf = (accountId: string): Promise<Notification[]> =>
  listNotifications(monitor.db, { accountId, before: Number.MAX_SAFE_INTEGER, limit: 500 });

const deliveriesOf = (accountId: string) =>
  database.rows<{ id: string; sequence: number; body: string; state: string }>(
    'SELECT id, sequence, body, state FROM webhook_delivery WHERE account_id = ? ORDER BY sequence',
    [accountId],
  );

const PAID_FOR = [{ orderId: 'order' }, { withdrawalId: 'withdrawal' }, {}] as const;

/** Splits events into batches of the given sizes. */
function split(all: readonly AccountEvent[], batchSizes: readonly number[]): AccountEvent[][] {
  const batches: AccountEvent[][] = [];
  for (let from = 0, index = 0; from < all.length; index++) {
    const to = from + (batchSizes[index % batchSizes.length] ?? 1);
    batches.push(all.slice(from, to));
    from = to;
  }
  return batches;
}

test('however events are batched, each becomes one notification and one delivery; a rebuild gives the same notifications and delivers nothing again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 10 }),
      async (accountIndexes, batchSizes, otherBatchSizes) => {
        const accountIds = [randomUUID(), randomUUID(), randomUUID()];
        const sequences = [0, 0, 0];
        const all = accountIndexes.map((accountIndex) =>
          event({
            accountId: accountIds[accountIndex]!,
            sequence: ++sequences[accountIndex]!,
            amount: BigInt(accountIndex - 1) * 7n,
            ...PAID_FOR[accountIndex],
          }),
        );
        // The last account has no webhook.
        await Promise.all(accountIds.slice(0, 2).map(register));
        for (const batch of split(all, batchSizes)) await monitor.apply(batch);

        const first = await Promise.all(accountIds.map(notificationsOf));
        expect(first).toEqual(
          accountIds.map((accountId) =>
            all
              .filter((accountEvent) => accountEvent.accountId === accountId)
              .reverse()
              .map(notificationOf),
          ),
        );
        const deliveries = await Promise.all(accountIds.map(deliveriesOf));
        expect(deliveries.map((accountDeliveries) => accountDeliveries.map(({ id }) => id))).toEqual(
          first.map((notifications, index) => (index === 2 ? [] : notifications.map(({ id }) => id).reverse())),
        );

        await database.rows("UPDATE webhook_delivery SET state = 'delivered', due_at = NULL, ended_at = NOW(3)");
        await monitor.forget();
        expect(await notificationsOf(accountIds[0]!)).toEqual([]);
        for (const batch of split(all, otherBatchSizes)) await monitor.apply(batch);
        expect(await Promise.all(accountIds.map(notificationsOf))).toEqual(first);
        const deliveriesAfter = (await Promise.all(accountIds.map(deliveriesOf))).flat();
        expect(deliveriesAfter.map(({ state }) => state)).toEqual(deliveries.flat().map(() => 'delivered'));
        await monitor.forget();
      },
    ),
    { numRuns: 15 },
  );
});

test('a rebuild delivers nothing again, even if earlier deliveries have been purged', async () => {
  const accountId = randomUUID();
  await register(accountId);
  const allEvents = events(accountId, 3);
  await monitor.apply(allEvents);
  await database.rows('DELETE FROM webhook_delivery WHERE account_id = ?', [accountId]);
  await monitor.forget();
  await monitor.apply(allEvents);
  expect(await deliveriesOf(accountId)).toEqual([]);
  await monitor.apply([event({ accountId, sequence: 4 })]);
  expect((await deliveriesOf(accountId)).map(({ sequence }) => sequence)).toEqual([4]);
});

test('events from before the registration of a webhook are not delivered, but later events are', async () => {
  const accountId = randomUUID();
  await register(accountId);
  const [webhook] = await database.rows<{ created_at: Date }>('SELECT created_at FROM webhook WHERE account_id = ?', [
    accountId,
  ]);
  const at = (offsetMs: number) => new Date(webhook!.created_at.getTime() + offsetMs);
  await monitor.apply([
    event({ accountId, sequence: 1, at: at(-1) }),
    event({ accountId, sequence: 2, at: at(0) }),
    event({ accountId, sequence: 3, at: at(1) }),
  ]);
  expect((await deliveriesOf(accountId)).map(({ sequence }) => sequence)).toEqual([2, 3]);
  expect(await notificationsOf(accountId)).toHaveLength(3);
});

test('a rollback leaves neither notifications nor deliveries', async () => {
  const accountId = randomUUID();
  await register(accountId);
  const rolledBack = monitor.db.transaction(async (tx) => {
    await monitor.consumer.apply(tx, events(accountId, 2), 0);
    throw new Error('killed');
  });
  await expect(rolledBack).rejects.toThrow('killed');
  expect([await notificationsOf(accountId), await deliveriesOf(accountId)]).toEqual([[], []]);
});

test('the notification of a failed charge has its amount, even if no wallet could hold it', async () => {
  const accountId = randomUUID();
  const amount = -(10n ** 37n) - 1n;
  await monitor.apply([event({ accountId, type: 'charge', status: 'failed', reason: 'INVALID_AMOUNT', amount })]);
  expect((await notificationsOf(accountId))[0]).toMatchObject({ amount, kind: 'charge.failed' });
});

test('replicas applying events of different accounts concurrently never deadlock and lose no event', async () => {
  const accountIds = Array.from({ length: 12 }, () => randomUUID());
  await Promise.all(accountIds.map(register));
  const replicas = [monitor.consumer, monitor.replica()];
  await Promise.all(
    replicas.flatMap((replica, half) =>
      Array.from({ length: 10 }, (_, index) => index + 1).map((sequence) =>
        monitor.db.transaction((tx) =>
          replica.apply(
            tx,
            accountIds.slice(half * 6, half * 6 + 6).map((accountId) => event({ accountId, sequence })),
            0,
          ),
        ),
      ),
    ),
  );
  for (const accountId of accountIds) expect(await notificationsOf(accountId)).toHaveLength(10);
});
