import { createTestDatabase, eventually, REPOSITORY, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { askNotifications, type AskNotifications } from '../../../test/notifications/ask-test-notifications';
import {
  event,
  startTestNotifications,
  type TestNotifications,
} from '../../../test/notifications/start-test-notifications';
import { startTestReceiver, type Received, type TestReceiver } from '../../../test/notifications/start-test-receiver';

type IsFromSouk = (secret: string, headers: IncomingHttpHeaders, rawBody: string) => boolean;

/** Runs the sample code exactly as documented. @returns its function */
function loadDocumentedCode(): IsFromSouk {
  const page = readFileSync(resolve(REPOSITORY, 'docs/webhooks.md'), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const module = { exports: {} as { isFromSouk: IsFromSouk } };
  runInNewContext(code!, { module, require: createRequire(__filename), Buffer, Date, Math, Number, String });
  return module.exports.isFromSouk;
}

const isFromSouk = loadDocumentedCode();

let database: TestDatabase;
let monitor: TestNotifications;
let receiver: TestReceiver;
let ask: AskNotifications;
let accountId: string;
let sequence: number;

beforeAll(async () => {
  [database, receiver] = await Promise.all([createTestDatabase('webhook_signatures'), startTestReceiver()]);
  monitor = await startTestNotifications(database);
  ask = askNotifications(monitor.url);
  monitor.consumer.start();
});

beforeEach(() => {
  accountId = randomUUID();
  sequence = 0;
});

afterAll(async () => {
  await monitor.stop();
  await Promise.all([receiver.close(), database.drop()]);
});

interface Webhook {
  secret: string | null;
  secrets: { id: string; expires_at: string | null }[];
}

async function putWebhook(body: { rotate_secret?: boolean } = {}): Promise<Webhook> {
  const reply = await ask(`PUT /accounts/${accountId}/webhook`, { body: { url: receiver.url, ...body } });
  expect(reply.status).toBe(200);
  return reply.body as unknown as Webhook;
}

async function nextDelivery(): Promise<Received> {
  receiver.received.length = 0;
  await monitor.apply([event({ accountId, sequence: ++sequence })]);
  return eventually(() => {
    expect(receiver.received).toHaveLength(1);
    return receiver.received[0]!;
  });
}

const verifies = (secret: string, { headers, body }: Received) => isFromSouk(secret, headers, body);

test('the documented code accepts a delivery unless it was altered, is too old, or was signed by someone else', async () => {
  const { secret } = await putWebhook();
  const delivery = await nextDelivery();
  const { headers, body } = delivery;
  expect(verifies(secret!, delivery)).toBe(true);
  expect(isFromSouk(secret!, headers, body.replace('12.50', '99.50'))).toBe(false);
  expect(isFromSouk(secret!, { ...headers, 'webhook-id': randomUUID() }, body)).toBe(false);
  const timestamp = Number(headers['webhook-timestamp']);
  expect(isFromSouk(secret!, { ...headers, 'webhook-timestamp': String(timestamp + 1) }, body)).toBe(false);
  expect(isFromSouk(secret!, { ...headers, 'webhook-timestamp': undefined }, body)).toBe(false);
  expect(isFromSouk(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body)).toBe(false);
  expect(isFromSouk(secret!, {}, body)).toBe(false);
  const clock = jest.spyOn(Date, 'now').mockReturnValue((timestamp + 301) * 1_000);
  try {
    expect(isFromSouk(secret!, headers, body)).toBe(false);
  } finally {
    clock.mockRestore();
  }
});

test('during a rotation deliveries verify with both secrets; after it, only with the new one', async () => {
  const { secret: old } = await putWebhook();
  const { secret: current, secrets } = await putWebhook({ rotate_secret: true });
  expect(current).not.toBe(old);
  const overlapMs = Date.parse(secrets[1]!.expires_at!) - Date.now();
  expect(Math.abs(overlapMs - 24 * 3_600_000)).toBeLessThan(60_000);
  const duringRotation = await nextDelivery();
  expect([verifies(old!, duringRotation), verifies(current!, duringRotation)]).toEqual([true, true]);

  await database.rows('UPDATE webhook_secret SET expires_at = NOW(3) WHERE account_id = ? AND expires_at IS NOT NULL', [
    accountId,
  ]);
  const afterRotation = await nextDelivery();
  expect([verifies(old!, afterRotation), verifies(current!, afterRotation)]).toEqual([false, true]);
  const { body } = await ask(`GET /accounts/${accountId}/webhook`);
  expect(body['secrets']).toEqual([{ ...secrets[0], expires_at: null }]);
});

test('a second rotation ends the first secret immediately: at most two are live, even if rotations race', async () => {
  const { secret: first } = await putWebhook();
  const { secret: second } = await putWebhook({ rotate_secret: true });
  const { secret: third, secrets } = await putWebhook({ rotate_secret: true });
  expect(secrets.map(({ expires_at }) => expires_at === null)).toEqual([true, false]);
  const delivery = await nextDelivery();
  expect([first, second, third].map((secret) => verifies(secret!, delivery))).toEqual([false, true, true]);
  await Promise.all(Array.from({ length: 8 }, () => putWebhook({ rotate_secret: true })));
  const [live] = await database.rows<{ count: number }>(
    'SELECT COUNT(*) AS count FROM webhook_secret WHERE account_id = ?',
    [accountId],
  );
  expect(Number(live!.count)).toBe(2);
});

test('a secret is shown only in the reply to the request that created it, and is stored encrypted', async () => {
  const created = await putWebhook();
  expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await putWebhook()).secret).toBeNull();
  expect((await ask(`GET /accounts/${accountId}/webhook`)).body['secret']).toBeNull();
  const rows = await database.rows<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret WHERE account_id = ?', [
    accountId,
  ]);
  const bytes = Buffer.from(created.secret!.slice('whsec_'.length), 'base64');
  expect(rows.map(({ sealed }) => sealed.includes(bytes) || sealed.toString().includes(created.secret!))).toEqual([
    false,
  ]);
});

test('a secret that was moved to another account signs nothing', async () => {
  await putWebhook();
  const { secret } = await putWebhook();
  expect(secret).toBeNull();
  const otherId = randomUUID();
  await ask(`PUT /accounts/${otherId}/webhook`, { body: { url: receiver.url } });
  const [row] = await database.rows<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret WHERE account_id = ?', [
    accountId,
  ]);
  await database.rows('UPDATE webhook_secret SET sealed = ? WHERE account_id = ?', [row!.sealed, otherId]);
  receiver.received.length = 0;
  await monitor.apply([event({ accountId: otherId })]);
  await eventually(async () => {
    const { body } = await ask(`GET /accounts/${otherId}/deliveries`);
    expect(body['items']).toMatchObject([{ state: 'pending', attempts: [{ error: 'secret', status: null }] }]);
  });
  expect(receiver.received).toEqual([]);
});
