import { eventually, startTestRedisServer, type TestRedisServer } from '@souk/testing';
import { createLogger } from '@souk/service';
import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createDurableRedis } from './durable-redis';

const FILES = ['redis.conf', 'limits.conf'].map((file) => resolve(__dirname, '../../../deploy/redis', file));
const CONFIGURATION = FILES.map((file) => readFileSync(file, 'utf8')).join('');

/** A key of each user that has keys of its own. */
const KEYS: Record<string, string> = { atm: '{atm:main}:state', payments: 'payment:p-1', limits: 'limit:key:cart:k' };
/** Commands that reach more than a user's own keys. */
const FORBIDDEN = [
  ['FLUSHALL'],
  ['FUNCTION', 'FLUSH'],
  ['KEYS', '*'],
  ['ACL', 'LIST'],
  ['CONFIG', 'SET', 'appendfsync', 'no'],
  ['SHUTDOWN', 'NOSAVE'],
  ['REPLICAOF', 'NO', 'ONE'],
];

let server: TestRedisServer;
const clients: Redis[] = [];

beforeAll(async () => {
  server = await startTestRedisServer();
  const users = [...CONFIGURATION.matchAll(/^user (\S+) on >\S+ (.*)$/gm)].filter(([, user]) => user !== 'default');
  expect(users.map(([, user]) => user)).toEqual(['atm', 'payments', 'auditor', 'limits']);
  for (const [, user, rules] of users)
    await server.call('ACL', 'SETUSER', user!, 'on', '>stolen', ...rules!.split(' '));
});
afterAll(() => server.stop());
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

function connectAs(user: string): Redis {
  const client = new Redis(`redis://${user}:stolen@127.0.0.1:${server.port}`, { enableReadyCheck: false });
  clients.push(client);
  return client;
}

const refusal = /NOPERM|permission|can't (access|run)/;

describe.each(Object.keys(KEYS))('the password of %s', (user) => {
  test('reaches its own keys', async () => {
    const client = connectAs(user);
    const key = KEYS[user]!;
    expect(await client.set(key, '1')).toBe('OK');
    expect(await client.eval("return redis.call('SET', KEYS[1], '2')", 1, key)).toBe('OK');
  });

  test('reaches no key of another user', async () => {
    const client = connectAs(user);
    for (const [other, key] of Object.entries(KEYS)) {
      if (other === user) continue;
      await expect(client.get(key)).rejects.toThrow(refusal);
      await expect(client.set(key, '1')).rejects.toThrow(refusal);
      await expect(client.del(key)).rejects.toThrow(refusal);
      await expect(client.eval(`return redis.call('DEL', '${key}')`, 0)).rejects.toThrow(refusal);
    }
  });

  test('reaches neither the names of keys nor the settings', async () => {
    const client = connectAs(user);
    for (const [command, ...values] of [...FORBIDDEN, ['SCAN', '0'], ['RANDOMKEY']]) {
      await expect(client.call(command!, values)).rejects.toThrow(refusal);
    }
  });
});

test('the password of the auditor reads cash machines and changes nothing', async () => {
  const client = connectAs('auditor');
  await server.call('SET', KEYS['atm']!, 'full');
  expect(await client.get(KEYS['atm']!)).toBe('full');
  await expect(client.set(KEYS['atm']!, 'empty')).rejects.toThrow(refusal);
  await expect(client.get(KEYS['payments']!)).rejects.toThrow(refusal);
  for (const [command, ...values] of FORBIDDEN) await expect(client.call(command!, values)).rejects.toThrow(refusal);
});

test.each([
  ['atm', ''],
  ['payments', 'payment:'],
])('%s can check that its writes are durable, and sees no password', async (user, keyPrefix) => {
  const warnings: unknown[] = [];
  const logger = createLogger('test', 'silent');
  logger.warn = (...entry: unknown[]) => void warnings.push(entry);
  const url = `redis://${user}:stolen@127.0.0.1:${server.port}`;
  const durable = createDurableRedis('the store', { url, keyPrefix, timeoutMs: 1_000, logger });
  await eventually(() => durable.ping());
  expect(warnings).toEqual([]);
  expect(await durable.redis.config('GET', 'requirepass')).toEqual(['requirepass', '']);
  await durable.close();
});

test('no password is set where the settings show it', () => {
  expect(CONFIGURATION).not.toMatch(/^(requirepass|masterauth)/m);
});
