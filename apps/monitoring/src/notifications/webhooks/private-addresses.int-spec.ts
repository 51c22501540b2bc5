import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askNotifications, type AskNotifications } from '../../../test/notifications/ask-test-notifications';
import {
  event,
  startTestNotifications,
  type TestNotifications,
} from '../../../test/notifications/start-test-notifications';
import { startTestReceiver, withStatus, type TestReceiver } from '../../../test/notifications/start-test-receiver';
import type { Address, Resolve } from './sending/addresses';

let database: TestDatabase;
let monitor: TestNotifications;
let receiver: TestReceiver;
let ask: AskNotifications;

/** Lists of addresses by name: each lookup gets the next list, and the last list repeats. Other names are not found. */
const names = new Map<string, Address[][]>();
let lookedUp: string[] = [];

const resolve: Resolve = (hostname) => {
  lookedUp.push(hostname);
  const answers = names.get(hostname);
  if (!answers) return Promise.reject(new Error('ENOTFOUND'));
  return Promise.resolve(answers.length > 1 ? answers.shift()! : answers[0]!);
};

const v4 = (address: string): Address => ({ address, family: 4 });
const LOOPBACK = v4('127.0.0.1');
/** In the global unicast space, but never assigned. */
const PUBLIC: Address = { address: '2000::1', family: 6 };

beforeAll(async () => {
  database = await createTestDatabase('webhook_private');
  const settings = { WEBHOOK_ALLOW_PRIVATE: false, WEBHOOK_TIMEOUT_MS: 2_000 };
  monitor = await startTestNotifications(database, settings, resolve);
  ask = askNotifications(monitor.url);
  monitor.consumer.start();
});

beforeEach(async () => {
  receiver = await startTestReceiver();
  lookedUp = [];
});

afterEach(() => receiver.close());

afterAll(async () => {
  await monitor.stop();
  await database.drop();
});

interface Attempt {
  status: number | null;
  error: string | null;
}

/** Registers a webhook and waits for its first attempt. */
async function firstAttemptAt(url: string): Promise<Attempt> {
  const accountId = randomUUID();
  expect((await ask(`PUT /accounts/${accountId}/webhook`, { body: { url } })).status).toBe(200);
  await monitor.apply([event({ accountId })]);
  return eventually(async () => {
    const { body } = await ask(`GET /accounts/${accountId}/deliveries`);
    const [delivery] = body['items'] as { attempts: Attempt[] }[];
    expect(delivery?.attempts).toHaveLength(1);
    return delivery!.attempts[0]!;
  });
}

test.each([
  ['127.0.0.1', 4],
  ['10.1.2.3', 4],
  ['169.254.169.254', 4],
  ['::1', 6],
  ['::ffff:127.0.0.1', 6],
  ['fd00::1', 6],
])('no connection is made to a name that resolves to %s', async (address, family) => {
  names.set('inside.test', [[{ address, family }]]);
  expect(await firstAttemptAt(`http://inside.test:${receiver.port}/`)).toMatchObject({
    status: null,
    error: 'private_address',
  });
  expect(receiver.received).toEqual([]);
});

test('one private address among public ones is enough to refuse a name', async () => {
  names.set('both.test', [[PUBLIC, LOOPBACK]]);
  expect(await firstAttemptAt(`http://both.test:${receiver.port}/`)).toMatchObject({ error: 'private_address' });
  expect(receiver.received).toEqual([]);
});

test('a name is resolved once per attempt, and the connection uses the checked address, whatever the name resolves to next', async () => {
  // Public when checked; a second lookup, such as a library makes to connect, would find this machine.
  names.set('rebinding.test', [[PUBLIC], [LOOPBACK]]);
  expect((await firstAttemptAt(`http://rebinding.test:${receiver.port}/`)).error).not.toBeNull();
  // The deliveries of earlier tests are still being retried.
  const lookups = lookedUp.filter((name) => name === 'rebinding.test');
  expect([lookups, receiver.received]).toEqual([['rebinding.test'], []]);
});

test('if private addresses are allowed, the connection uses the address that the resolver returned', async () => {
  await monitor.consumer.stop();
  names.set('receiver.test', [[LOOPBACK]]);
  const replica = monitor.replica({ WEBHOOK_ALLOW_PRIVATE: true }, resolve);
  replica.start();
  try {
    expect(await firstAttemptAt(`http://receiver.test:${receiver.port}/hooks`)).toMatchObject({
      status: 200,
      error: null,
    });
    expect(receiver.received[0]!.headers.host).toBe(`receiver.test:${receiver.port}`);
  } finally {
    await replica.stop();
    monitor.consumer = monitor.replica({}, resolve);
    monitor.consumer.start();
  }
});

test.each(['127.0.0.1', 'localhost'])(
  'no connection is made to %s, even if it was registered while private addresses were allowed',
  async (host) => {
    await monitor.consumer.stop();
    // Uses the app's own resolver.
    const replica = monitor.replica();
    replica.start();
    try {
      const accountId = randomUUID();
      await ask(`PUT /accounts/${accountId}/webhook`, { body: { url: 'http://inside.test/' } });
      const { port } = receiver;
      await database.rows('UPDATE webhook SET url = ?, host = ? WHERE account_id = ?', [
        ...[`http://${host}:${port}/hooks`, `${host}:${port}`, accountId],
      ]);
      await monitor.apply([event({ accountId })]);
      await eventually(async () => {
        const { body } = await ask(`GET /accounts/${accountId}/deliveries`);
        expect(body['items']).toMatchObject([{ attempts: [{ error: 'private_address' }] }]);
      });
      expect(receiver.received).toEqual([]);
    } finally {
      await replica.stop();
      monitor.consumer = monitor.replica({}, resolve);
      monitor.consumer.start();
    }
  },
);

test('a redirect to a private address is not followed', async () => {
  await monitor.consumer.stop();
  const redirectTarget = await startTestReceiver();
  receiver.respondWith(withStatus(302, { location: `http://inside.test:${redirectTarget.port}/` }));
  names.set('receiver.test', [[LOOPBACK]]);
  const replica = monitor.replica({ WEBHOOK_ALLOW_PRIVATE: true }, resolve);
  replica.start();
  try {
    expect(await firstAttemptAt(`http://receiver.test:${receiver.port}/`)).toMatchObject({
      status: 302,
      error: 'redirect',
    });
    expect(redirectTarget.received).toEqual([]);
  } finally {
    await Promise.all([replica.stop(), redirectTarget.close()]);
    monitor.consumer = monitor.replica({}, resolve);
    monitor.consumer.start();
  }
});

test('an unknown name is a failure', async () => {
  expect(await firstAttemptAt('https://nobody.test/')).toMatchObject({ status: null, error: 'name' });
});

test('an address that deliveries would refuse is refused at registration', async () => {
  const literals = ['127.0.0.1', '10.0.0.1', '[::1]', '[::ffff:10.0.0.1]', '2130706433', '169.254.169.254'];
  for (const host of [...literals, 'localhost:8765', 'LOCALHOST', 'localhost.', 'shop.localhost']) {
    const call = `PUT /accounts/${randomUUID()}/webhook` as const;
    const { status, body } = await ask(call, { body: { url: `http://${host}/hooks` } });
    expect([host, status, body]).toEqual([
      host,
      422,
      {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: 'url must not name a private address',
        code: 'PRIVATE_ADDRESS',
        fields: [{ field: 'url', message: 'must not name a private address' }],
      },
    ]);
    expect((await ask(call.replace('PUT', 'GET') as `GET /${string}`)).status).toBe(404);
  }
});
