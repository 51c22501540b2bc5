import { accessSettings, createAccess } from '@souk/access';
import { createLogger, createMetrics } from '@souk/service';
import { eventually, startTestRedisServer, type TestRedisServer } from '@souk/testing';
import { z } from 'zod';
import { createEchoService } from '../../test/echo-service';

const ADMIN_KEY = 'an admin key';
const service = createEchoService();
let redis: TestRedisServer;

beforeAll(async () => {
  redis = await startTestRedisServer();
});
afterAll(() => redis.stop());
afterEach(() => service.stop());

const post = (headers: Record<string, string> = {}) => service.post('{"name":"a"}', headers);

const TWO_REQUESTS = { address: { cart: 2, authentication: 2 }, key: { cart: 2, admin: 2 } };

function createLimitedAccess(mode: 'open' | 'closed', rates: object) {
  const settings = z.object(accessSettings).parse({
    ...{ ACCESS: mode, ADMIN_API_KEY: ADMIN_KEY, RATE_LIMIT_REDIS_URL: redis.url },
    RATE_LIMITS: JSON.stringify(rates),
  });
  const context = { logger: createLogger('test', 'silent'), metrics: createMetrics('test') };
  return createAccess({ ...settings, SOUK_BIND: '127.0.0.1' }, context);
}

/** Starts a service with limits of two requests. */
async function start(mode: 'open' | 'closed', trustedProxies: string[] = []): Promise<void> {
  await service.start({ access: createLimitedAccess(mode, TWO_REQUESTS), trustedProxies });
  await eventually(async () => expect((await post()).headers.has('ratelimit')).toBe(true));
  await redis.call('FLUSHALL');
}

/** The statuses of three requests, one after the other. */
async function threeStatuses(headersOf: (n: number) => Record<string, string>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++) statuses.push((await post(headersOf(n))).status);
  return statuses;
}

test('every answer says what is left of the limit, and the one over it is 429', async () => {
  await start('closed');
  const answers = [];
  for (let n = 0; n < 3; n++) answers.push(await post({ 'x-api-key': ADMIN_KEY }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  for (const { headers } of answers) expect(headers.get('ratelimit-policy')).toBe('"cart";q=2;w=60');
  const states = answers.map(({ headers }) => /^"cart";r=(\d);t=(?:60|59)$/.exec(headers.get('ratelimit')!)?.[1]);
  expect(states).toEqual(['1', '0', '0']);
  expect(answers[2]!.headers.get('retry-after')).toMatch(/^(60|59)$/);
  expect(await answers[2]!.json()).toMatchObject({ status: 'failed', code: 'RATE_LIMITED' });
});

test('a caller that keeps sending invalid credentials gets 429, and others are not affected', async () => {
  await start('closed');
  expect(await threeStatuses((n) => ({ 'x-api-key': `guess ${n}` }))).toEqual([401, 401, 429]);
  expect((await post({ 'x-api-key': ADMIN_KEY })).status).toBe(200);
});

test('a forged X-Forwarded-For changes nothing', async () => {
  await start('open');
  expect(await threeStatuses((n) => ({ 'x-forwarded-for': `192.0.2.${n}` }))).toEqual([200, 200, 429]);
});

test('behind a trusted proxy, callers are told apart by the address that it reports', async () => {
  await start('open', ['loopback']);
  expect(await threeStatuses((n) => ({ 'x-forwarded-for': `192.0.2.${n}` }))).toEqual([200, 200, 200]);
  expect(await threeStatuses(() => ({ 'x-forwarded-for': '198.51.100.9, 192.0.2.77' }))).toEqual([200, 200, 429]);
  expect((await post({ 'x-forwarded-for': '198.51.100.9' })).status).toBe(200);
});

test('a stream of events says what is left of the limit', async () => {
  await start('closed');
  const answer = await service.call('/events', { headers: { 'x-api-key': ADMIN_KEY } });
  expect(answer.headers.get('ratelimit')).toMatch(/^"cart";r=1;t=\d+$/);
  service.release();
  await answer.text();
});

test('requests that the caller may not make count too', async () => {
  await start('closed');
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++) {
    const headers = { 'x-api-key': ADMIN_KEY };
    statuses.push((await service.call('/operators', { headers })).status);
  }
  expect(statuses).toEqual([403, 403, 429]);
});

test('where access is open, callers have no limits by default', () => {
  expect(createLimitedAccess('open', {}).limits).toBeUndefined();
  expect(createLimitedAccess('open', { address: { cart: 2 } }).limits).toBeDefined();
  expect(createLimitedAccess('closed', {}).limits).toBeDefined();
});
