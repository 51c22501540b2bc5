import { createLogger, createMetrics, type Registry } from '@souk/service';
import {
  createCuttableProxy,
  eventually,
  startTestRedisServer,
  type CuttableProxy,
  type TestRedisServer,
} from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Principal } from '../principal';
import { limitSettings } from './limit-settings';
import { createRateLimits, type RateLimits } from './rate-limits';

const ADDRESS = '192.0.2.1';
const NOBODY: Principal = { kind: 'anonymous', scopes: [] };
const holder = (): Principal => ({ kind: 'key', owner: `key:${randomUUID()}`, scopes: [] });
const customer = (): Principal => ({ kind: 'customer', subject: randomUUID(), clientID: undefined, accounts: [] });

let server: TestRedisServer;
let proxy: CuttableProxy;
let errors: unknown[];
const running: RateLimits[] = [];

beforeAll(async () => {
  server = await startTestRedisServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  errors = [];
  proxy = await createCuttableProxy({ host: '127.0.0.1', port: server.port });
});
afterEach(async () => {
  for (const limits of running.splice(0)) limits.stop();
  await proxy.close();
});

/** What one replica runs. Resolves once it counts. */
async function startLimits(rates: object, credentials = ''): Promise<{ limits: RateLimits; metrics: Registry }> {
  const metrics = createMetrics('test');
  const logger = createLogger('test', 'silent');
  logger.error = (...entry: unknown[]) => void errors.push(entry);
  const url = `redis://${credentials}127.0.0.1:${proxy.port}`;
  const limits = createRateLimits(url, limitSettings.RATE_LIMITS.parse(JSON.stringify(rates)), { logger, metrics });
  running.push(limits);
  limits.start();
  await eventually(async () => expect(await limits.countRequest(holder(), ADDRESS, 'admin')).toBeDefined());
  errors = [];
  return { limits, metrics };
}

test('three replicas together admit exactly the limit, and say exactly what is left', async () => {
  const replicas = await Promise.all([1, 2, 3].map(() => startLimits({ customer: { cart: 100 } })));
  const alice = customer();
  const states = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => replicas[index % 3]!.limits.countRequest(alice, ADDRESS, 'cart')),
  );
  const admitted = states.filter((state) => !state!.isExceeded);
  expect(admitted.map((state) => state!.remaining).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, n) => n),
  );
  expect(states.filter((state) => state!.isExceeded).every((state) => state!.remaining === 0)).toBe(true);
  expect(admitted[0]).toMatchObject({ name: 'cart', max: 100, windowSeconds: 60 });
  for (const state of states) expect([59, 60]).toContain(state!.resetSeconds);
  const late = await replicas[0]!.limits.countRequest(alice, ADDRESS, 'cart');
  expect(late).toMatchObject({ remaining: 0, isExceeded: true });
});

test('each caller and each class has a limit of its own', async () => {
  const { limits } = await startLimits({ address: { cart: 1 }, customer: { cart: 1 }, key: { cart: 1 } });
  const [alice, bob, shop] = [customer(), customer(), holder()];
  const isExceeded = async (principal: Principal, address = ADDRESS) =>
    (await limits.countRequest(principal, address, 'cart'))?.isExceeded;
  for (const caller of [alice, bob, shop, NOBODY]) {
    expect(await isExceeded(caller)).toBe(false);
    expect(await isExceeded(caller, caller === NOBODY ? ADDRESS : '192.0.2.2')).toBe(true);
  }
  expect(await isExceeded(NOBODY, '192.0.2.2')).toBe(false);
  expect(await limits.countRequest(alice, ADDRESS, 'checkout')).toMatchObject({ isExceeded: false });
});

test('requests without valid credentials are counted by address', async () => {
  const { limits } = await startLimits({ address: { authentication: 2 } });
  const address = randomUUID();
  const states = [1, 2, 3].map(() => limits.countRefusal(address));
  expect((await Promise.all(states)).map((state) => state?.isExceeded)).toEqual([false, false, true]);
  expect(await limits.countRefusal(randomUUID())).toMatchObject({ isExceeded: false });
});

test('a caller without a limit is not counted', async () => {
  const { limits } = await startLimits({ key: { read: false } });
  expect(await limits.countRequest(holder(), ADDRESS, 'read')).toBeUndefined();
});

test('while Redis is down, requests pass and a metric counts them; when it is back, limits apply again', async () => {
  const { limits, metrics } = await startLimits({ customer: { cart: 1 } });
  const alice = customer();
  metrics.resetMetrics();
  proxy.silence();
  expect(await limits.countRequest(alice, ADDRESS, 'cart')).toBeUndefined();
  for (let n = 0; n < 10; n++) expect(await limits.countRequest(alice, ADDRESS, 'cart')).toBeUndefined();
  const uncounted = await metrics.getSingleMetricAsString('souk_rate_limit_uncounted_total');
  expect(uncounted).toMatch(/ 11$/); // the first one waited for an answer, the others did not
  expect(errors).toHaveLength(1);
  await eventually(async () =>
    expect(await limits.countRequest(alice, ADDRESS, 'cart')).toMatchObject({ isExceeded: true }),
  );
});

test('the Redis user of the limits can count', async () => {
  const configuration = readFileSync(resolve(__dirname, '../../../../deploy/redis/limits.conf'), 'utf8');
  const [, rules] = /^user limits (.*)$/m.exec(configuration)!;
  await server.call('ACL', 'SETUSER', 'limits', ...rules!.replace('${LIMITS_REDIS_PASSWORD}', 'secret').split(' '));

  const { limits } = await startLimits({}, 'limits:secret@');
  expect(await limits.countRequest(customer(), ADDRESS, 'cart')).toMatchObject({ isExceeded: false });
});
