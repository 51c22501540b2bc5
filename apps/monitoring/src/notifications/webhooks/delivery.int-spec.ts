import { createTestDatabase, eventually, freePort, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askNotifications, type AskNotifications } from '../../../test/notifications/ask-test-notifications';
import {
  event,
  events,
  startTestNotifications,
  type TestNotifications,
} from '../../../test/notifications/start-test-notifications';
import {
  hang,
  startTestReceiver,
  withStatus,
  type TestReceiver,
} from '../../../test/notifications/start-test-receiver';
import { notificationId, notificationOf, presentNotification } from '../notification';
import { claimDeliveries } from './deliveries/claim-deliveries';
import {
  accountsWithoutWebhook,
  cancelPending,
  CHUNK_ROWS,
  endOverdue,
  purgeDeliveries,
} from './deliveries/delivery-store';
import { deleteWebhook } from './webhook-store';

let database: TestDatabase;
let monitor: TestNotifications;
let receiver: TestReceiver;
let ask: AskNotifications;

const TIMEOUT_MS = 400;

beforeAll(async () => {
  database = await createTestDatabase('webhook_delivery');
  monitor = await startTestNotifications(database, { WEBHOOK_TIMEOUT_MS: TIMEOUT_MS });
  ask = askNotifications(monitor.url);
  monitor.consumer.start();
});

beforeEach(async () => {
  receiver = await startTestReceiver();
});

afterEach(async () => {
  await receiver.close();
  // In a transaction, which is repeated after a deadlock with the running dispatcher.
  await monitor.db.transaction((tx) =>
    tx.write(
      "UPDATE webhook_delivery SET state = 'cancelled', claim_id = NULL, due_at = NULL, ended_at = NOW(3) WHERE state = 'pending'",
    ),
  );
});

afterAll(async () => {
  await monitor.stop();
  await database.drop();
});

interface Attempt {
  status: number | null;
  error: string | null;
  response: string;
  duration_ms: number;
}
interface Delivery {
  id: string;
  state: string;
  attempts: Attempt[];
  next_attempt_at: string | null;
}

async function accountWithWebhook(url = receiver.url): Promise<string> {
  const accountId = randomUUID();
  expect((await ask(`PUT /accounts/${accountId}/webhook`, { body: { url } })).status).toBe(200);
  return accountId;
}

async function deliveriesOf(accountId: string): Promise<Delivery[]> {
  const { body } = await ask(`GET /accounts/${accountId}/deliveries`);
  return body['items'] as Delivery[];
}

/** Waits until the only delivery of an account has `count` attempts. */
const afterAttempts = (accountId: string, count: number): Promise<Delivery> =>
  eventually(async () => {
    const [delivery] = await deliveriesOf(accountId);
    expect(delivery?.attempts).toHaveLength(count);
    return delivery!;
  });

/** Makes the webhook of an account and its deliveries some hours older. */
async function letHoursPass(accountId: string, hours: number): Promise<void> {
  await database.rows('UPDATE webhook SET created_at = created_at - INTERVAL ? HOUR WHERE account_id = ?', [
    hours,
    accountId,
  ]);
  await database.rows(
    `UPDATE webhook_delivery SET due_at = due_at - INTERVAL ? HOUR, pending_since = pending_since - INTERVAL ? HOUR
      WHERE account_id = ?`,
    [hours, hours, accountId],
  );
}

test('a notification is posted as JSON with the id of its delivery, and a 2xx marks it delivered', async () => {
  receiver.respondWith(withStatus(204));
  const accountId = await accountWithWebhook();
  const accountEvent = event({ accountId });
  await monitor.apply([accountEvent]);
  const delivery = await afterAttempts(accountId, 1);
  expect(delivery).toMatchObject({
    state: 'delivered',
    next_attempt_at: null,
    attempts: [{ status: 204, error: null }],
  });
  const [posted] = receiver.received;
  expect(posted!.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': delivery.id,
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  });
  expect(JSON.parse(posted!.body)).toEqual({
    id: notificationId(accountEvent),
    type: 'transfer.completed',
    created_at: accountEvent.at.toISOString(),
    data: presentNotification(notificationOf(accountEvent)),
  });
  expect(receiver.received).toHaveLength(1);
});

test('a failed delivery is retried later with the same id and body until it succeeds', async () => {
  receiver.respondWith(withStatus(503));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  const failed = await afterAttempts(accountId, 1);
  expect(failed).toMatchObject({
    state: 'pending',
    attempts: [{ status: 503, error: 'status', response: '{"status":503}' }],
  });
  const waitMs = Date.parse(failed.next_attempt_at!) - Date.now();
  expect(waitMs).toBeGreaterThan(3_000);
  expect(waitMs).toBeLessThan(11_000);
  receiver.respondWith(withStatus(200));
  await letHoursPass(accountId, 1);
  const delivered = await afterAttempts(accountId, 2);
  expect([delivered.state, delivered.attempts.map(({ status }) => status)]).toEqual(['delivered', [200, 503]]);
  const [first, second] = receiver.received;
  expect([second!.body, second!.headers['webhook-id']]).toEqual([first!.body, first!.headers['webhook-id']]);
});

test('a receiver that never responds runs into the timeout without delaying other receivers', async () => {
  receiver.respondWith(hang);
  const healthyReceiver = await startTestReceiver();
  const hanging = await accountWithWebhook();
  const healthy = await accountWithWebhook(healthyReceiver.url);
  await monitor.apply(events(hanging, 100));
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
  await monitor.apply(events(healthy, 20));
  await eventually(() => expect(healthyReceiver.received).toHaveLength(20));
  // It occupies only its own slots, so most of the hundred attempts haven't started.
  expect(receiver.received.length).toBeLessThan(60);
  const ended = await eventually(async () => {
    const attempted = (await deliveriesOf(hanging)).find(({ attempts }) => attempts.length > 0);
    expect(attempted).toBeDefined();
    return attempted!;
  });
  expect(ended).toMatchObject({ state: 'pending', attempts: [{ status: null, error: 'timeout' }] });
  expect(ended.attempts[0]!.duration_ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
  await ask(`DELETE /accounts/${hanging}/webhook`);
  await healthyReceiver.close();
});

test('an account never has more than four attempts in progress', async () => {
  const pendingResponses: (() => void)[] = [];
  receiver.respondWith((response) => pendingResponses.push(() => response.end()));
  const [accountId, otherId] = [await accountWithWebhook(), await accountWithWebhook()];
  const replica = monitor.replica({ WEBHOOK_TIMEOUT_MS: 60_000 });
  await monitor.consumer.stop();
  await monitor.apply(events(accountId, 20));
  replica.start();
  await eventually(() => expect(pendingResponses).toHaveLength(4));
  await monitor.apply(events(otherId, 1));
  await eventually(() => expect(pendingResponses).toHaveLength(5)); // the dispatcher polled again and found only the other account
  await ask(`DELETE /accounts/${accountId}/webhook`);
  pendingResponses.forEach((end) => end());
  await replica.stop();
  expect(pendingResponses).toHaveLength(5);
  monitor.consumer = monitor.replica();
  monitor.consumer.start();
});

test('a receiver that never finishes its response runs into the timeout', async () => {
  receiver.respondWith((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  expect((await afterAttempts(accountId, 1)).attempts).toMatchObject([{ error: 'timeout' }]);
});

test('a redirect is a failure and is not followed', async () => {
  const redirectTarget = await startTestReceiver();
  receiver.respondWith(withStatus(307, { location: redirectTarget.url }));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  expect(await afterAttempts(accountId, 1)).toMatchObject({
    state: 'pending',
    attempts: [{ status: 307, error: 'redirect' }],
  });
  expect(redirectTarget.received).toEqual([]);
  await redirectTarget.close();
});

test('a refused connection is a failure', async () => {
  const accountId = await accountWithWebhook(`http://127.0.0.1:${await freePort()}/hooks`);
  await monitor.apply([event({ accountId })]);
  expect(await afterAttempts(accountId, 1)).toMatchObject({
    state: 'pending',
    attempts: [{ status: null, error: 'refused' }],
  });
});

test('of a 10 MB response only a part is read and 1 KiB is kept, and its status decides', async () => {
  let sent = 0;
  receiver.respondWith((response) => {
    response.writeHead(200);
    const write = () => {
      while (sent < 10 * 1024 * 1024 && !response.destroyed) {
        sent += 16_384;
        if (!response.write(Buffer.alloc(16_384, 'x'))) return void response.once('drain', write);
      }
      response.end();
    };
    write();
  });
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  const { state, attempts } = await afterAttempts(accountId, 1);
  expect(state).toBe('delivered');
  expect(attempts).toMatchObject([{ status: 200, error: null, response: 'x'.repeat(1_024) }]);
  expect(sent).toBeLessThan(9 * 1024 * 1024);
});

test.each([['is cut off halfway', (socket: { destroy(): void }) => socket.destroy()]])(
  'a response that %s is a failure',
  async (_, cut) => {
    receiver.respondWith((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => cut(response.socket!));
    });
    const accountId = await accountWithWebhook();
    await monitor.apply([event({ accountId })]);
    expect((await afterAttempts(accountId, 1)).attempts).toMatchObject([{ error: 'connection' }]);
  },
);

test('an unrequested upgrade is a failure', async () => {
  receiver.respondWith(
    (response) =>
      void response.socket!.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  );
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  expect((await afterAttempts(accountId, 1)).attempts).toMatchObject([{ error: 'connection' }]);
});

test('a delivery that fails for a day is dead and is counted in metrics; once redelivered, it is retried for another day', async () => {
  receiver.respondWith(withStatus(500));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  await afterAttempts(accountId, 1);
  await letHoursPass(accountId, 23);
  expect(await afterAttempts(accountId, 2)).toMatchObject({ state: 'pending' });
  await letHoursPass(accountId, 1);
  const dead = await afterAttempts(accountId, 3);
  expect(dead).toMatchObject({ state: 'dead', next_attempt_at: null });
  const metrics = await monitor.registry.metrics();
  expect(metrics).toMatch(/souk_webhook_deliveries_total\{state="dead",service="monitoring"\} 1/);
  expect(metrics).toMatch(/souk_webhook_attempts_total\{outcome="status",service="monitoring"\} \d/);
  expect(metrics).toMatch(/souk_webhook_pending\{service="monitoring"\} 0/);

  expect(await ask(`POST /accounts/${accountId}/deliveries/${dead.id}/redeliver`)).toEqual({
    status: 202,
    body: { redelivered: 1 },
  });
  expect(await afterAttempts(accountId, 4)).toMatchObject({ state: 'pending' });
  receiver.respondWith(withStatus(200));
  expect((await ask(`POST /accounts/${accountId}/deliveries/${dead.id}/redeliver`)).status).toBe(202);
  expect(await afterAttempts(accountId, 5)).toMatchObject({ state: 'delivered' });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([dead.id]));
});

test('one request redelivers all dead deliveries of an account, and none of another account', async () => {
  const [accountId, otherId] = [await accountWithWebhook(), await accountWithWebhook()];
  for (const id of [accountId, otherId]) await monitor.apply(events(id, 3));
  await eventually(() => expect(receiver.received).toHaveLength(6));
  await eventually(async () =>
    expect((await deliveriesOf(otherId)).every(({ state }) => state === 'delivered')).toBe(true),
  );
  await eventually(async () =>
    expect((await deliveriesOf(accountId)).every(({ state }) => state === 'delivered')).toBe(true),
  );
  await database.rows("UPDATE webhook_delivery SET state = 'dead' WHERE sequence > 1 AND account_id IN (?)", [
    [accountId, otherId],
  ]);
  expect(await ask(`POST /accounts/${accountId}/deliveries/redeliver`)).toEqual({
    status: 202,
    body: { redelivered: 2 },
  });
  await eventually(() => expect(receiver.received).toHaveLength(8));
  await eventually(async () =>
    expect((await deliveriesOf(accountId)).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']),
  );
  expect((await deliveriesOf(otherId)).map(({ state }) => state)).toEqual(['dead', 'dead', 'delivered']);
});

test('removing a webhook cancels pending deliveries, including one in progress', async () => {
  let sendResponse: () => void = () => undefined;
  receiver.respondWith((response) => (sendResponse = () => response.writeHead(500).end()));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  await eventually(() => expect(receiver.received).toHaveLength(1));
  expect((await ask(`DELETE /accounts/${accountId}/webhook`)).body).toMatchObject({ cancelled: 1 });
  sendResponse();
  expect(await afterAttempts(accountId, 1)).toMatchObject({ state: 'cancelled', next_attempt_at: null });
  expect(await monitor.registry.metrics()).toMatch(/souk_webhook_deliveries_total\{state="cancelled".*\} \d/);
  await monitor.apply([event({ accountId, sequence: 2 })]);
  expect(await deliveriesOf(accountId)).toHaveLength(1);
});

test('deliveries are cancelled in chunks, and removing a webhook again cancels the rest', async () => {
  await monitor.consumer.stop();
  const accountId = await accountWithWebhook();
  await monitor.apply(events(accountId, CHUNK_ROWS + 5));
  await monitor.db.transaction((tx) => deleteWebhook(tx, accountId));
  expect(await monitor.db.transaction((tx) => cancelPending(tx, accountId))).toBe(CHUNK_ROWS);
  expect((await ask(`DELETE /accounts/${accountId}/webhook`)).body).toMatchObject({ cancelled: 5 });
  monitor.consumer = monitor.replica();
  monitor.consumer.start();
});

test('deliveries left pending by a removal that crashed are not claimed, even under a new webhook, and are cancelled', async () => {
  await monitor.consumer.stop();
  const accountId = await accountWithWebhook();
  await monitor.apply(events(accountId, 2));
  await monitor.db.transaction((tx) => deleteWebhook(tx, accountId));
  const claim = () => claimDeliveries(monitor.db, [accountId], 60_000);
  expect(await claim()).toEqual([]);
  expect(await accountsWithoutWebhook(monitor.db, 10)).toEqual([accountId]);
  await ask(`PUT /accounts/${accountId}/webhook`, { body: { url: receiver.url } });
  expect(await claim()).toEqual([]);
  await monitor.apply([event({ accountId, sequence: 3 })]);
  expect(await claim()).toMatchObject([{ id: notificationId({ accountId, sequence: 3 }) }]);
  expect((await ask(`DELETE /accounts/${accountId}/webhook`)).body).toMatchObject({ cancelled: 3 });
  expect(await accountsWithoutWebhook(monitor.db, 10)).toEqual([]);
  monitor.consumer = monitor.replica();
  monitor.consumer.start();
});

test('the claim of a dead dispatcher is taken over when its lease expires, but not before', async () => {
  const accountId = await accountWithWebhook(`http://127.0.0.1:${await freePort()}/`);
  await monitor.consumer.stop();
  await monitor.apply([event({ accountId })]);
  const [claimed] = await claimDeliveries(monitor.db, [accountId], 60_000); // and never records an outcome
  await ask(`PUT /accounts/${accountId}/webhook`, { body: { url: receiver.url } });
  monitor.consumer = monitor.replica();
  monitor.consumer.start();
  const otherId = await accountWithWebhook();
  await monitor.apply([event({ accountId: otherId })]);
  await eventually(() => expect(receiver.received).toHaveLength(1));
  expect((await deliveriesOf(accountId))[0]).toMatchObject({ id: claimed!.id, state: 'pending', attempts: [] });
  await database.rows('UPDATE webhook_delivery SET due_at = NOW(3) WHERE id = ?', [claimed!.id]);
  expect(await afterAttempts(accountId, 1)).toMatchObject({ state: 'delivered' });
});

test('several replicas together make each delivery once', async () => {
  const replicas = [monitor.replica(), monitor.replica()];
  replicas.forEach((replica) => replica.start());
  const accountIds = await Promise.all(Array.from({ length: 10 }, () => accountWithWebhook()));
  await Promise.all(accountIds.map((accountId) => monitor.apply(events(accountId, 15))));
  await eventually(() => expect(receiver.received.length).toBeGreaterThanOrEqual(150));
  await Promise.all(replicas.map((replica) => replica.stop()));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, new Set(ids).size]).toEqual([150, 150]);
});

test('a stopping dispatcher waits for attempts in progress', async () => {
  await monitor.consumer.stop();
  monitor.consumer = monitor.replica();
  let sendResponse: () => void = () => undefined;
  receiver.respondWith((response) => (sendResponse = () => response.end()));
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  monitor.consumer.start();
  await eventually(() => expect(receiver.received).toHaveLength(1));
  const stopped = monitor.consumer.stop();
  sendResponse();
  await stopped;
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: 'delivered' }]);
});

test('a stopping dispatcher releases deliveries whose attempts take too long', async () => {
  const replica = monitor.replica({ WEBHOOK_TIMEOUT_MS: 60_000 });
  receiver.respondWith(hang);
  const accountId = await accountWithWebhook();
  await monitor.apply([event({ accountId })]);
  replica.start();
  await eventually(() => expect(receiver.received).toHaveLength(1));
  await replica.stop();
  const [row] = await database.rows(
    'SELECT state, tries, claim_id, due_at <= NOW(3) AS is_due FROM webhook_delivery WHERE account_id = ?',
    [accountId],
  );
  expect(row).toEqual({ state: 'pending', tries: 0, claim_id: null, is_due: 1 });
});

test('a delivery that was not attempted within a day is dead unless it is in progress; once redelivered, it is pending for another day', async () => {
  await monitor.consumer.stop();
  const accountId = await accountWithWebhook();
  await monitor.apply(events(accountId, 2));
  const [inProgress] = await claimDeliveries(monitor.db, [accountId], 60_000);
  await database.rows('UPDATE webhook_delivery SET pending_since = NOW(3) - INTERVAL 25 HOUR WHERE account_id = ?', [
    accountId,
  ]);
  const DAY_MS = 86_400_000;
  const giveUpOverdue = () => monitor.db.transaction((tx) => endOverdue(tx, DAY_MS));
  expect(await giveUpOverdue()).toBe(1);
  const readStates = async () =>
    (await deliveriesOf(accountId)).map(({ id, state }) => [id === inProgress!.id, state]).sort();
  expect(await readStates()).toEqual([
    [false, 'dead'],
    [true, 'pending'],
  ]);
  expect(await ask(`POST /accounts/${accountId}/deliveries/redeliver`)).toMatchObject({ body: { redelivered: 1 } });
  expect(await giveUpOverdue()).toBe(0);
  await database.rows('UPDATE webhook_delivery SET due_at = NOW(3) WHERE id = ?', [inProgress!.id]);
  expect(await giveUpOverdue()).toBe(1);
  monitor.consumer = monitor.replica();
  monitor.consumer.start();
});

test('deliveries that ended 30 days ago are deleted with their attempts; others are kept', async () => {
  const replica = monitor.replica();
  const accountId = await accountWithWebhook();
  await monitor.apply(events(accountId, 3));
  replica.start();
  await eventually(async () =>
    expect((await deliveriesOf(accountId)).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']),
  );
  await replica.stop();
  await database.rows(
    'UPDATE webhook_delivery SET ended_at = NOW(3) - INTERVAL 31 DAY WHERE account_id = ? AND sequence < 3',
    [accountId],
  );
  expect(await monitor.db.transaction((tx) => purgeDeliveries(tx, 30))).toBe(2);
  expect(await deliveriesOf(accountId)).toHaveLength(1);
  const [orphans] = await database.rows<{ count: number }>(
    'SELECT COUNT(*) AS count FROM webhook_attempt a LEFT JOIN webhook_delivery d ON d.id = a.delivery_id WHERE d.id IS NULL',
  );
  expect(Number(orphans!.count)).toBe(0);
});
