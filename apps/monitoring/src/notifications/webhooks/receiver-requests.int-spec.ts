import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askNotifications, type AskNotifications } from '../../../test/notifications/ask-test-notifications';
import {
  event,
  startTestNotifications,
  type TestNotifications,
} from '../../../test/notifications/start-test-notifications';
import { startTestReceiver, withStatus, type TestReceiver } from '../../../test/notifications/start-test-receiver';
import { startTestNameServer, type TestNameServer } from '../../../test/notifications/test-name-server';
import { accountsWithoutWebhook, cancelPending } from './deliveries/delivery-store';
import { endAttempt } from './deliveries/end-attempt';
import { createResolver } from './sending/resolver';

let database: TestDatabase;
let names: TestNameServer;
let monitor: TestNotifications;
let receiver: TestReceiver;
let ask: AskNotifications;

beforeAll(async () => {
  database = await createTestDatabase('webhook_requests');
  names = await startTestNameServer({ 'shop.test': ['127.0.0.1'] });
  monitor = await startTestNotifications(database, {}, createResolver({ servers: [names.address] }));
  ask = askNotifications(monitor.url);
  monitor.consumer.start();
});
beforeEach(async () => {
  receiver = await startTestReceiver();
});
afterEach(() => receiver.close());
afterAll(async () => {
  await monitor.stop();
  names.close();
  await database.drop();
});

interface Delivery {
  state: string;
  attempts: { status: number | null; error: string | null }[];
  next_attempt_at: string | null;
}

const register = (accountId: string, url = receiver.url) =>
  ask(`PUT /accounts/${accountId}/webhook`, { body: { url } });
const deliveriesOf = async (accountId: string) =>
  (await ask(`GET /accounts/${accountId}/deliveries`)).body['items'] as Delivery[];
const firstAttempt = (accountId: string) =>
  eventually(async () => {
    const [delivery] = await deliveriesOf(accountId);
    expect(delivery?.attempts).toHaveLength(1);
    return delivery!;
  });

async function accountWithWebhook(url?: string): Promise<string> {
  const accountId = randomUUID();
  expect((await register(accountId, url)).status).toBe(200);
  return accountId;
}

const disabledAt = async (accountId: string) => (await ask(`GET /accounts/${accountId}/webhook`)).body['disabled_at'];

test('410 disables the webhook, as `disabled_at` shows, and nothing more is sent until the webhook is set again', async () => {
  receiver.respondWith(withStatus(410));
  const accountId = await accountWithWebhook();
  expect(await disabledAt(accountId)).toBeUndefined();
  await monitor.apply([event({ accountId })]);
  expect(await firstAttempt(accountId)).toMatchObject({ state: 'dead', attempts: [{ status: 410, error: 'gone' }] });
  expect(await disabledAt(accountId)).toEqual(expect.any(String));

  receiver.respondWith(withStatus(200));
  await monitor.apply([event({ accountId, sequence: 2 })]);
  expect(await deliveriesOf(accountId)).toHaveLength(1);
  expect((await ask(`POST /accounts/${accountId}/deliveries/redeliver`)).status).toBe(404);

  expect((await register(accountId)).body).not.toHaveProperty('disabled_at');
  await monitor.apply([event({ accountId, sequence: 3 })]);
  await eventually(async () => expect((await deliveriesOf(accountId))[0]).toMatchObject({ state: 'delivered' }));
  expect(receiver.received).toHaveLength(2);
});

test('deliveries that are pending when the webhook is disabled are not sent but cancelled', async () => {
  receiver.respondWith(withStatus(503));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  await firstAttempt(accountId);
  receiver.respondWith(withStatus(410));
  await monitor.apply([event({ accountId, sequence: 2 })]);
  await eventually(async () => expect((await deliveriesOf(accountId))[0]).toMatchObject({ state: 'dead' }));
  await database.rows('UPDATE webhook_delivery SET due_at = NOW(3) WHERE due_at IS NOT NULL AND account_id = ?', [
    accountId,
  ]);
  expect(await accountsWithoutWebhook(monitor.db, 100)).toContain(accountId);
  expect(await monitor.db.transaction((tx) => cancelPending(tx, accountId))).toBe(1);
  expect((await deliveriesOf(accountId)).map(({ state }) => state)).toEqual(['dead', 'cancelled']);
  expect(receiver.received).toHaveLength(2);
});

test('410 from a URL that has been replaced in the meantime does not disable the webhook', async () => {
  const accountId = await accountWithWebhook('http://dead.test/');
  await monitor.apply([event({ accountId })]);
  await firstAttempt(accountId);
  const [delivery] = await database.rows<{ id: string }>('SELECT id FROM webhook_delivery WHERE account_id = ?', [
    accountId,
  ]);
  const claimId = randomUUID();
  await database.rows('UPDATE webhook_delivery SET claim_id = ? WHERE id = ?', [claimId, delivery!.id]);
  const attempt = { failure: 'gone', status: 410, response: '', startedAt: Date.now(), durationMs: 1 } as const;
  const claimed = { id: delivery!.id, claimId, accountId, url: 'http://old.test/' };
  expect(await endAttempt(monitor.db, claimed, attempt, 60_000)).toBe('dead');
  expect(await disabledAt(accountId)).toBeUndefined();
});

test.each([
  ['seconds', () => '3600'],
  ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
])('Retry-After in %s is honoured', async (_, retryAfter) => {
  receiver.respondWith(withStatus(429, { 'retry-after': retryAfter() }));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  const { next_attempt_at } = await firstAttempt(accountId);
  const waitMs = Date.parse(next_attempt_at!) - Date.now();
  expect(waitMs).toBeGreaterThan(3_500_000);
  expect(waitMs).toBeLessThan(3_600_500);
});

test('host names whose DNS never answers delay no other delivery', async () => {
  const silentAccounts = await Promise.all(
    Array.from({ length: 20 }, (_, index) => accountWithWebhook(`http://silent-${index}.test/`)),
  );
  for (let sequence = 1; sequence <= 4; sequence++)
    await monitor.apply(silentAccounts.map((accountId) => event({ accountId, sequence })));
  await eventually(() => expect(names.queried.filter((name) => name.startsWith('silent-')).length).toBeGreaterThan(20));
  const startedAt = performance.now();
  const accountId = await accountWithWebhook(`http://shop.test:${receiver.port}/hooks`);
  await monitor.apply([event({ accountId })]);
  expect(await firstAttempt(accountId)).toMatchObject({ state: 'delivered' });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await firstAttempt(silentAccounts[0]!)).toMatchObject({ attempts: [{ status: null, error: 'name' }] });
});
