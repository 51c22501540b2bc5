import { NOTIFICATION_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askNotifications, type AskNotifications } from '../../test/notifications/ask-test-notifications';
import {
  event,
  events,
  startTestNotifications,
  type TestNotifications,
} from '../../test/notifications/start-test-notifications';
import { notificationId } from './notification';

let database: TestDatabase;
let monitor: TestNotifications;
let ask: AskNotifications;

/** The dispatcher is not started, so nothing is delivered. */
beforeAll(async () => {
  database = await createTestDatabase('notification_contract');
  monitor = await startTestNotifications(database);
  ask = askNotifications(monitor.url);
});

afterAll(async () => {
  await monitor.stop();
  await database.drop();
});

const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const SECRET = expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/);
const url = 'https://shop.example/hooks/souk';

const accountWithWebhook = async (): Promise<string> => {
  const accountId = randomUUID();
  await ask(`PUT /accounts/${accountId}/webhook`, { body: { url } });
  return accountId;
};

describe('GET /accounts/{id}/notifications', () => {
  it('lists notifications, newest first, without authentication', async () => {
    const accountId = randomUUID();
    const at = new Date('2026-01-31T12:00:00.123Z');
    const failed = { type: 'withdrawal', status: 'failed', reason: 'INSUFFICIENT_FUNDS', amount: -5n } as const;
    const all = [event({ accountId, at }), event({ accountId, sequence: 2, at, ...failed })];
    await monitor.apply(all);
    const item = (sequence: number, kind: string, message: string, amount: string) => ({
      id: notificationId({ accountId, sequence }),
      account_id: accountId,
      sequence,
      kind,
      message,
      transaction_id: all[sequence - 1]!.transactionId,
      amount,
      currency: 'USD',
      created_at: '2026-01-31T12:00:00.123Z',
    });
    expect(await ask(`GET /accounts/${accountId}/notifications`, { adminKey: null })).toEqual({
      status: 200,
      body: {
        items: [
          item(2, 'withdrawal.failed', 'Your withdrawal of 0.05 USD was refused: INSUFFICIENT_FUNDS', '-0.05'),
          item(1, 'transfer.completed', 'You received 12.50 USD', '12.50'),
        ],
        next: null,
      },
    });
  });

  it('is empty for an unknown account, whatever its id', async () => {
    for (const id of [randomUUID(), 'x', '%F0%9F%9B%92'.repeat(100)])
      expect(await ask(`GET /accounts/${id}/notifications`)).toEqual({ status: 200, body: { items: [], next: null } });
  });

  it('returns every notification once across pages, even while new ones arrive', async () => {
    const accountId = randomUUID();
    const all = events(accountId, 8);
    await monitor.apply(all.slice(0, 7));
    const first = await ask(`GET /accounts/${accountId}/notifications?limit=3`);
    await monitor.apply(all.slice(7));
    const second = await ask(`GET /accounts/${accountId}/notifications?limit=3&after=${String(first.body['next'])}`);
    const third = await ask(`GET /accounts/${accountId}/notifications?limit=3&after=${String(second.body['next'])}`);
    const pages = [first, second, third].map(({ body }) =>
      (body['items'] as { sequence: number }[]).map(({ sequence }) => sequence),
    );
    expect([pages, third.body['next']]).toEqual([[[7, 6, 5], [4, 3, 2], [1]], null]);
  });
});

describe('the webhook of an account', () => {
  it('shows its secret only when it is registered, not when it is read or its URL changes', async () => {
    const accountId = randomUUID();
    const webhook = {
      account_id: accountId,
      url,
      secret: SECRET,
      secrets: [{ id: UUID, created_at: MOMENT, expires_at: null }],
      created_at: MOMENT,
      updated_at: MOMENT,
    };
    const put = await ask(`PUT /accounts/${accountId}/webhook`, { body: { url } });
    expect(put).toEqual({ status: 200, body: webhook });
    expect(await ask(`GET /accounts/${accountId}/webhook`)).toEqual({
      status: 200,
      body: { ...put.body, secret: null },
    });
    const newUrl = 'http://shop.example:8080/other?a=b';
    const moved = await ask(`PUT /accounts/${accountId}/webhook`, { body: { url: newUrl, rotate_secret: false } });
    expect(moved.body).toEqual({ ...put.body, url: newUrl, secret: null, updated_at: MOMENT });
  });

  it('gets a new secret on rotation and keeps the old one for a while', async () => {
    const accountId = await accountWithWebhook();
    const { body } = await ask(`PUT /accounts/${accountId}/webhook`, { body: { url, rotate_secret: true } });
    expect(body).toMatchObject({
      secret: SECRET,
      secrets: [
        { id: UUID, expires_at: null },
        { id: UUID, expires_at: MOMENT },
      ],
    });
  });

  it("can be removed repeatedly, and isn't found afterwards", async () => {
    const accountId = await accountWithWebhook();
    await monitor.apply(events(accountId, 2));
    const remove = () => ask(`DELETE /accounts/${accountId}/webhook`);
    expect(await remove()).toEqual({ status: 200, body: { account_id: accountId, cancelled: 2 } });
    expect(await remove()).toEqual({ status: 200, body: { account_id: accountId, cancelled: 0 } });
    expect(await ask(`GET /accounts/${accountId}/webhook`)).toMatchObject({
      status: 404,
      body: { code: 'WEBHOOK_NOT_FOUND', detail: 'The account has no webhook' },
    });
    expect(await database.rows('SELECT id FROM webhook_secret WHERE account_id = ?', [accountId])).toEqual([]);
  });

  it.each([
    [{}, 'url is required'],
    [{ url: 5 }, 'url must be a string'],
    [{ url: 'ftp://shop.example' }, 'url must begin with https:// or http://'],
    [{ url: 'https://a:b@shop.example' }, 'url must not have a user or a password'],
    [{ url: `${url}#x` }, 'url must not have a fragment'],
    [{ url: `https://${'a.'.repeat(200)}` }, 'url must have a host of at most 253 characters'],
    [{ url, rotate_secret: 'yes' }, 'rotate_secret must be true or false'],
  ])('%j is refused: %s', async (body, detail) => {
    const accountId = randomUUID();
    expect(await ask(`PUT /accounts/${accountId}/webhook`, { body })).toMatchObject({
      status: 422,
      body: { code: 'INVALID_REQUEST', detail },
    });
    expect((await ask(`GET /accounts/${accountId}/webhook`)).status).toBe(404);
  });
});

describe('deliveries', () => {
  it('are listed newest first, in pages', async () => {
    const accountId = await accountWithWebhook();
    await monitor.apply(events(accountId, 3));
    const delivery = (sequence: number) => ({
      id: notificationId({ accountId, sequence }),
      sequence,
      type: 'transfer.completed',
      state: 'pending',
      attempts: [],
      created_at: MOMENT,
      next_attempt_at: MOMENT,
      ended_at: null,
    });
    expect(await ask(`GET /accounts/${accountId}/deliveries?limit=2`)).toEqual({
      status: 200,
      body: { items: [delivery(3), delivery(2)], next: '2' },
    });
    expect((await ask(`GET /accounts/${accountId}/deliveries?limit=2&after=2`)).body).toEqual({
      items: [delivery(1)],
      next: null,
    });
  });

  it('show the latest ten attempts', async () => {
    const accountId = await accountWithWebhook();
    await monitor.apply(events(accountId, 1));
    const rows = Array.from({ length: 12 }, (_, index) => [
      notificationId({ accountId, sequence: 1 }),
      500 + index,
      'status',
      'no',
      7,
      new Date('2026-01-31T12:00:00.000Z'),
    ]);
    await database.rows(
      'INSERT INTO webhook_attempt (delivery_id, status, error, response, duration_ms, created_at) VALUES ?',
      [rows],
    );
    const { body } = await ask(`GET /accounts/${accountId}/deliveries`);
    const [{ attempts }] = body['items'] as [{ attempts: { status: number }[] }];
    expect(attempts[0]).toEqual({ at: MOMENT, status: 511, error: 'status', response: 'no', duration_ms: 7 });
    expect(attempts.map(({ status }) => status)).toEqual([511, 510, 509, 508, 507, 506, 505, 504, 503, 502]);
  });

  it('are an empty list for an account without deliveries', async () => {
    expect((await ask(`GET /accounts/${randomUUID()}/deliveries`)).body).toEqual({ items: [], next: null });
  });

  it('are not redelivered without a webhook, or if they do not exist or belong to another account', async () => {
    const [accountId, otherId] = [await accountWithWebhook(), await accountWithWebhook()];
    await monitor.apply(events(otherId, 1));
    const redeliver = (id: string, delivery: string) => ask(`POST /accounts/${id}/deliveries/${delivery}/redeliver`);
    const otherDelivery = notificationId({ accountId: otherId, sequence: 1 });
    for (const delivery of [randomUUID(), otherDelivery, '%F0%9F%9B%92'])
      expect(await redeliver(accountId, delivery)).toMatchObject({ status: 404, body: { code: 'DELIVERY_NOT_FOUND' } });
    await ask(`DELETE /accounts/${otherId}/webhook`);
    expect(await redeliver(otherId, otherDelivery)).toMatchObject({ status: 404, body: { code: 'WEBHOOK_NOT_FOUND' } });
    expect(await ask(`POST /accounts/${otherId}/deliveries/redeliver`)).toMatchObject({
      status: 404,
      body: { code: 'WEBHOOK_NOT_FOUND' },
    });
  });

  it('that were cancelled are pending again when they are redelivered', async () => {
    const accountId = await accountWithWebhook();
    await monitor.apply(events(accountId, 2));
    await ask(`DELETE /accounts/${accountId}/webhook`);
    await ask(`PUT /accounts/${accountId}/webhook`, { body: { url } });
    const id = notificationId({ accountId, sequence: 1 });
    const call = `POST /accounts/${accountId}/deliveries/${id}/redeliver` as const;
    expect(await ask(call)).toEqual({ status: 202, body: { redelivered: 1 } });
    const { body } = await ask(`GET /accounts/${accountId}/deliveries`);
    expect(body['items']).toMatchObject([
      { sequence: 2, state: 'cancelled' },
      { sequence: 1, state: 'pending', next_attempt_at: MOMENT, ended_at: null },
    ]);
    expect((await ask(`POST /accounts/${accountId}/deliveries/redeliver`)).body).toEqual({ redelivered: 0 });
  });
});

const routes: readonly RouteDeclaration[] = NOTIFICATION_ROUTES;
const callOf = ({ method, path }: RouteDeclaration) =>
  `${method.toUpperCase()} ${path.replace(':id', randomUUID()).replace(':delivery_id', randomUUID())}` as `GET /${string}`;

it.each(routes.map((route) => [route.operationId, route] as const))(
  'the admin key is required by every route except listNotifications: %s',
  async (_, route) => {
    const bodyOf = route.example === undefined ? {} : { body: route.example };
    const { status } = await ask(callOf(route), { ...bodyOf, adminKey: null });
    expect(status === 401).toBe(route.operationId !== 'listNotifications');
    expect((await ask(callOf(route), { ...bodyOf, adminKey: 'wrong' })).status === 401).toBe(status === 401);
  },
);

it.each(routes.map((route) => [route.operationId, route] as const))('%s refuses an invalid id', async (_, route) => {
  const bodyOf = route.example === undefined ? {} : { body: route.example };
  const withId = (id: string) => callOf(route).replace(/accounts\/[^/]+/, `accounts/${id}`) as `GET /${string}`;
  expect(await ask(withId('a'.repeat(101)), bodyOf)).toMatchObject({
    status: 422,
    body: { code: 'INVALID_REQUEST' },
  });
  expect(await ask(withId('a%00'), bodyOf)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
});

it.each(['notifications', 'deliveries'])('the list of %s refuses invalid limits and cursors', async (list) => {
  for (const query of ['limit=0', 'limit=501', 'limit=x', 'after=0', 'after=x', 'after=-1', 'after=1%00'])
    expect([query, (await ask(`GET /accounts/${randomUUID()}/${list}?${query}`)).status]).toEqual([query, 422]);
});

it('metrics report the number of pending deliveries and the age of the oldest', async () => {
  const accountId = await accountWithWebhook();
  await monitor.apply(events(accountId, 2));
  await database.rows('UPDATE webhook_delivery SET pending_since = NOW(3) - INTERVAL 1 HOUR WHERE account_id = ?', [
    accountId,
  ]);
  await eventually(async () => {
    const metrics = await monitor.registry.metrics();
    const [pending] = await database.rows<{ count: number }>(
      "SELECT COUNT(*) AS count FROM webhook_delivery WHERE state = 'pending'",
    );
    expect(metrics).toContain(`souk_webhook_pending{service="monitoring"} ${pending!.count}`);
    expect(metrics).toMatch(/souk_webhook_oldest_pending_seconds\{.*\} 36\d\d\n/);
  });
});
