import { NOTIFICATION_ROUTES } from '@souk/contracts';
import { purge, type Database } from '@souk/database';
import { digestOf } from '@souk/service';
import { askRoutes, createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import {
  ADMIN_KEY,
  events,
  startTestNotifications,
  type TestNotifications,
} from '../../../test/notifications/start-test-notifications';
import { notificationId } from '../notification';
import { CHUNK_ROWS } from './deliveries/delivery-store';
import { redeliverDead } from './deliveries/redeliver';
import { lockRedelivery } from './deliveries/redelivery-store';

let database: TestDatabase;
let monitor: TestNotifications;

/** The dispatcher is not started, so nothing is delivered. */
beforeAll(async () => {
  database = await createTestDatabase('redeliveries');
  monitor = await startTestNotifications(database);
});

afterAll(async () => {
  await monitor.stop();
  await database.drop();
});

async function post(path: `/${string}`, key?: string) {
  const ask = askRoutes<Record<string, unknown>>(monitor.url, NOTIFICATION_ROUTES);
  const { status, body, headers } = await ask(`POST ${path}`, { key, adminKey: ADMIN_KEY });
  return { status, body, isReplay: headers.get('idempotency-replayed') === 'true' };
}

const register = (accountId: string) =>
  database.rows(
    `INSERT INTO webhook (account_id, url, host, created_at, updated_at)
     VALUES (?, 'https://shop.example/', 'shop.example', NOW(3) - INTERVAL 1 DAY, NOW(3))`,
    [accountId],
  );
const makeAllDead = (accountId: string) =>
  database.rows(
    "UPDATE webhook_delivery SET state = 'dead', due_at = NULL, ended_at = NOW(3) WHERE account_id = ? AND state = 'pending'",
    [accountId],
  );
async function countDead(accountId: string): Promise<number> {
  const [row] = await database.rows<{ count: number }>(
    "SELECT COUNT(*) AS count FROM webhook_delivery WHERE account_id = ? AND state = 'dead'",
    [accountId],
  );
  return Number(row!.count);
}

async function accountWithDeadDeliveries(count: number): Promise<string> {
  const accountId = randomUUID();
  await register(accountId);
  await monitor.apply(events(accountId, count));
  await makeAllDead(accountId);
  expect(await countDead(accountId)).toBe(count);
  return accountId;
}

/** @returns a database that fails from the second transaction on */
function failingDatabase(): Database {
  let transactions = 0;
  return {
    ...monitor.db,
    transaction: (work) => (++transactions > 1 ? Promise.reject(new Error('killed')) : monitor.db.transaction(work)),
  };
}

const pathOfAll = (accountId: string) => `/accounts/${accountId}/deliveries/redeliver` as const;
const pathOfOne = (accountId: string, sequence = 1) =>
  `/accounts/${accountId}/deliveries/${notificationId({ accountId, sequence })}/redeliver` as const;

describe('a redelivery with a key', () => {
  test.each([
    ['of all', pathOfAll, 2],
    ['of one', pathOfOne, 1],
  ])('%s is made once, and a repeat gets the same answer', async (_scope, pathOf, redelivered) => {
    const accountId = await accountWithDeadDeliveries(2);
    const first = await post(pathOf(accountId), 'k-1');
    expect(first).toEqual({ status: 202, body: { redelivered }, isReplay: false });
    await makeAllDead(accountId);
    expect(await post(pathOf(accountId), 'k-1')).toEqual({ ...first, isReplay: true });
    expect(await countDead(accountId)).toBe(2);
    expect(await post(pathOf(accountId), 'k-2')).toEqual(first);
    expect(await countDead(accountId)).toBe(2 - redelivered);
  });

  test('that was refused stays refused, but succeeds with another key', async () => {
    const accountId = randomUUID();
    const refused = { status: 404, body: { code: 'WEBHOOK_NOT_FOUND' }, isReplay: false };
    expect(await post(pathOfAll(accountId), 'k-1')).toMatchObject(refused);
    await register(accountId);
    expect(await post(pathOfAll(accountId), 'k-1')).toMatchObject({ ...refused, isReplay: true });
    expect(await post(pathOfAll(accountId), 'k-2')).toMatchObject({ status: 202, isReplay: false });
  });

  test('is independent for each path', async () => {
    const [accountId, otherId] = [await accountWithDeadDeliveries(2), await accountWithDeadDeliveries(2)];
    for (const path of [pathOfOne(accountId), pathOfOne(accountId, 2), pathOfAll(accountId), pathOfAll(otherId)])
      expect(await post(path, 'k-1')).toMatchObject({ status: 202, isReplay: false });
  });

  test('is made once for concurrent requests, which all get the same answer', async () => {
    const accountId = await accountWithDeadDeliveries(3);
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(pathOfAll(accountId), 'k-1')));
    expect(answers.map(({ status, body }) => [status, body['redelivered']])).toEqual(Array(6).fill([202, 3]));
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  });

  test('that was interrupted halfway is completed by a repeat, which returns the total count', async () => {
    const accountId = await accountWithDeadDeliveries(CHUNK_ROWS + 5);
    const ids = [digestOf('test', accountId).toString('hex')];
    await expect(redeliverDead({ db: failingDatabase() }, { accountId, redeliveryIds: ids })).rejects.toThrow('killed');
    expect(await countDead(accountId)).toBe(5);
    const completeResult = { ok: true, redelivered: CHUNK_ROWS + 5 };
    const repeat = () => redeliverDead({ db: monitor.db }, { accountId, redeliveryIds: ids });
    expect(await repeat()).toEqual({ ...completeResult, isReplay: false });
    expect(await countDead(accountId)).toBe(0);
    expect(await repeat()).toEqual({ ...completeResult, isReplay: true });
  });
});

describe('the scope of a redelivery key', () => {
  const redeliverAt = (url: string, path: `/${string}`, key: string, adminKey?: string) =>
    askRoutes<Record<string, unknown>>(url, NOTIFICATION_ROUTES)(`POST ${path}`, { key, adminKey });

  test('is the same before and after an admin key is configured', async () => {
    const unguarded = await startTestNotifications(database, {}, undefined, null);
    for (const pathOf of [pathOfAll, pathOfOne]) {
      for (const isGuardedFirst of [true, false]) {
        const accountId = await accountWithDeadDeliveries(1);
        const urls = [unguarded.url, monitor.url] as const;
        const [first, second] = isGuardedFirst ? [urls[1], urls[0]] : urls;
        const reply = await redeliverAt(first, pathOf(accountId), 'k', ADMIN_KEY);
        await makeAllDead(accountId);
        const repeat = await redeliverAt(second, pathOf(accountId), 'k', ADMIN_KEY);
        expect([reply.status, repeat.status, repeat.text]).toEqual([202, 202, reply.text]);
        expect(repeat.headers.get('idempotency-replayed')).toBe('true');
        expect(await countDead(accountId)).toBe(1);
      }
    }
    await unguarded.stop();
  });

  test.each(['admin-key', 'nobody'])(
    'includes keys that an earlier release stored for %s, and vice versa',
    async (caller) => {
      const accountId = await accountWithDeadDeliveries(1);
      const oldId = (path: string, key: string) => digestOf(caller, path, key).toString('hex');
      const id = oldId(`redeliverDead ${accountId}`, 'k-1');
      // An earlier release writes only one row.
      const redeliverOld = (redeliveryId: string) =>
        redeliverDead({ db: monitor.db }, { accountId, redeliveryIds: [redeliveryId] });
      expect(await redeliverOld(id)).toMatchObject({ ok: true, redelivered: 1, isReplay: false });
      await makeAllDead(accountId);
      expect(await post(pathOfAll(accountId), 'k-1')).toEqual({
        status: 202,
        body: { redelivered: 1 },
        isReplay: true,
      });
      expect(await post(pathOfAll(accountId), 'k-2')).toMatchObject({ status: 202, isReplay: false });
      await makeAllDead(accountId);
      const repeated = await redeliverOld(oldId(`redeliverDead ${accountId}`, 'k-2'));
      expect(repeated).toEqual({ ok: true, redelivered: 1, isReplay: true });
      expect(await countDead(accountId)).toBe(1);
    },
  );

  test('concurrent requests to replicas of both releases make one redelivery', async () => {
    const accountId = await accountWithDeadDeliveries(3);
    const oldId = digestOf('admin-key', `redeliverDead ${accountId}`, 'k-1').toString('hex');
    const counts = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        if (index % 2) return (await post(pathOfAll(accountId), 'k-1')).body['redelivered'];
        const result = await redeliverDead({ db: monitor.db }, { accountId, redeliveryIds: [oldId] });
        return result.ok && result.redelivered;
      }),
    );
    expect(counts).toEqual(Array(8).fill(3));
  });

  test('a redelivery that an earlier release began is continued', async () => {
    const accountId = await accountWithDeadDeliveries(CHUNK_ROWS + 5);
    const oldId = digestOf('admin-key', `redeliverDead ${accountId}`, 'k-1').toString('hex');
    await expect(redeliverDead({ db: failingDatabase() }, { accountId, redeliveryIds: [oldId] })).rejects.toThrow(
      'killed',
    );
    expect((await post(pathOfAll(accountId), 'k-1')).body).toEqual({ redelivered: CHUNK_ROWS + 5 });
    expect(await countDead(accountId)).toBe(0);
  });
});

test('an invalid key is refused and nothing is redelivered', async () => {
  const accountId = await accountWithDeadDeliveries(1);
  for (const path of [pathOfAll(accountId), pathOfOne(accountId)])
    expect(await post(path, 'two words')).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  expect(await countDead(accountId)).toBe(1);
});

test('without a key every redelivery is a new one', async () => {
  const accountId = await accountWithDeadDeliveries(1);
  for (let repetition = 1; repetition <= 2; repetition++) {
    expect(await post(pathOfAll(accountId))).toEqual({ status: 202, body: { redelivered: 1 }, isReplay: false });
    await makeAllDead(accountId);
  }
});

test('keys are kept for 31 days, then deleted', async () => {
  const ids = ['old', 'new'].map((key) => digestOf('purge', key).toString('hex'));
  for (const id of ids) await monitor.db.transaction((tx) => lockRedelivery(tx, [id]));
  const makeOlder = 'UPDATE webhook_redelivery SET created_at = NOW(3) - INTERVAL ? HOUR WHERE id = ?';
  await database.rows(makeOlder, [31 * 24 + 1, ids[0]]);
  await database.rows(makeOlder, [31 * 24 - 1, ids[1]]);
  expect(await purge(monitor.db, 'webhook_redelivery', 31 * 24)).toBe(1);
  const remaining = await database.rows<{ id: string }>('SELECT id FROM webhook_redelivery WHERE id IN (?)', [ids]);
  expect(remaining.map(({ id }) => id)).toEqual([ids[1]]);
});
