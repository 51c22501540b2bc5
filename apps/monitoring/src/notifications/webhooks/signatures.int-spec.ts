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

/** The sample code, exactly as documented. */
function documentedCode(): IsFromSouk {
  const page = readFileSync(resolve(REPOSITORY, 'docs/webhooks.md'), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const module = { exports: {} as { isFromSouk: IsFromSouk } };
  runInNewContext(code!, { module, require: createRequire(__filename), Buffer, Date, Math, Number, String });
  return module.exports.isFromSouk;
}

const isFromSouk = documentedCode();

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

async function put(body: { rotate_secret?: boolean } = {}): Promise<Webhook> {
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

test('the documented code accepts a delivery, but none that was altered, is too old, or was signed by someone else', async () => {
  const { secret } = await put();
  const delivery = await nextDelivery();
  const { headers, body } = delivery;
  expect(verifies(secret!, delivery)).toBe(true);
  expect(isFromSouk(secret!, headers, body.replace('12.50', '99.50'))).toBe(false);
  expect(isFromSouk(secret!, { ...headers, 'webhook-id': randomUUID() }, body)).toBe(false);
  const stamp = Number(headers['webhook-timestamp']);
  expect(isFromSouk(secret!, { ...headers, 'webhook-timestamp': String(stamp + 1) }, body)).toBe(false);
  expect(isFromSouk(secret!, { ...headers, 'webhook-timestamp': undefined }, body)).toBe(false);
  expect(isFromSouk(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body)).toBe(false);
  expect(isFromSouk(secret!, {}, body)).toBe(false);
  const clock = jest.spyOn(Date, 'now').mockReturnValue((stamp + 301) * 1_000);
  try {
    expect(isFromSouk(secret!, headers, body)).toBe(false);
  } finally {
    clock.mockRestore();
  }
});

test('during a rotation both secrets verify; after it, only the new one', async () => {
  const { secret: old } = await put();
  const { secret: fresh, secrets } = await put({ rotate_secret: true });
  expect(fresh).not.toBe(old);
  const overlapMs = Date.parse(secrets[1]!.expires_at!) - Date.now();
  expect(Math.abs(overlapMs - 24 * 3_600_000)).toBeLessThan(60_000);
  const during = await nextDelivery();
  expect([verifies(old!, during), verifies(fresh!, during)]).toEqual([true, true]);

  await database.rows('UPDATE webhook_secret SET expires_at = NOW(3) WHERE account_id = ? AND expires_at IS NOT NULL', [
    accountId,
  ]);
  const after = await nextDelivery();
  expect([verifies(old!, after), verifies(fresh!, after)]).toEqual([false, true]);
  const { body } = await ask(`GET /accounts/${accountId}/webhook`);
  expect(body['secrets']).toEqual([{ ...secrets[0], expires_at: null }]);
});

test('a second rotation ends the first secret at once: at most two are live, even if rotations race', async () => {
  const { secret: first } = await put();
  const { secret: second } = await put({ rotate_secret: true });
  const { secret: third, secrets } = await put({ rotate_secret: true });
  expect(secrets.map(({ expires_at }) => expires_at === null)).toEqual([true, false]);
  const delivery = await nextDelivery();
  expect([first, second, third].map((secret) => verifies(secret!, delivery))).toEqual([false, true, true]);
  await Promise.all(Array.from({ length: 8 }, () => put({ rotate_secret: true })));
  const [live] = await database.rows<{ count: number }>(
    'SELECT COUNT(*) AS count FROM webhook_secret WHERE account_id = ?',
    [accountId],
  );
  expect(Number(live!.count)).toBe(2);
});

test('a secret is shown only in the reply that created it, and is stored encrypted', async () => {
  const created = await put();
  expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await put()).secret).toBeNull();
  expect((await ask(`GET /accounts/${accountId}/webhook`)).body['secret']).toBeNull();
  const rows = await database.rows<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret WHERE account_id = ?', [
    accountId,
  ]);
  const bytes = Buffer.from(created.secret!.slice('whsec_'.length), 'base64');
  expect(rows.map(({ sealed }) => sealed.includes(bytes) || sealed.toString().includes(created.secret!))).toEqual([
    false,
  ]);
});

test('a secret moved to another account signs nothing', async () => {
  await put();
  const { secret } = await put();
  expect(secret).toBeNull();
  const stranger = randomUUID();
  await ask(`PUT /accounts/${stranger}/webhook`, { body: { url: receiver.url } });
  const [own] = await database.rows<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret WHERE account_id = ?', [
    accountId,
  ]);
  await database.rows('UPDATE webhook_secret SET sealed = ? WHERE account_id = ?', [own!.sealed, stranger]);
  receiver.received.length = 0;
  await monitor.apply([event({ accountId: stranger })]);
  await eventually(async () => {
    const { body } = await ask(`GET /accounts/${stranger}/deliveries`);
    expect(body['items']).toMatchObject([{ state: 'pending', attempts: [{ error: 'secret', status: null }] }]);
  });
  expect(receiver.received).toEqual([]);
});
