import { eventually } from '@souk/testing';
import { lookup as lookupBySystem } from 'node:dns/promises';
import { startTestNameServer, type TestNameServer } from '../../../../test/notifications/test-name-server';
import { createResolver, type ResolverOptions } from './resolver';

let server: TestNameServer;
const neverAborted = new AbortController().signal;

beforeEach(async () => {
  server = await startTestNameServer({ 'shop.test': ['192.0.2.7', '192.0.2.8'], 'unknown.test': [] });
});
afterEach(() => server.close());

const createTestResolver = (options: ResolverOptions = {}) => createResolver({ servers: [server.address], ...options });
const addressesOf = async (lookup: Promise<readonly { address: string }[]>) =>
  (await lookup).map(({ address }) => address);
const unansweredNames = (count: number) => Array.from({ length: count }, (_, index) => `silent-${index}.test`);

test('a name resolves to its addresses in DNS, or to none if it does not exist', async () => {
  const resolve = createTestResolver();
  expect((await addressesOf(resolve('shop.test', neverAborted))).toSorted()).toEqual(['192.0.2.7', '192.0.2.8']);
  expect(await resolve('unknown.test', neverAborted)).toEqual([]);
});

test('localhost is resolved without DNS', async () => {
  expect(await addressesOf(createTestResolver()('localhost', neverAborted))).toContain('127.0.0.1');
  expect(server.queried).toEqual([]);
});

test('names that DNS never answers delay no other names, occupy no shared threads, and fail in time', async () => {
  const resolve = createTestResolver({ lookupTimeoutMs: 1_500 });
  const startedAt = performance.now();
  const pending = unansweredNames(20).map((name) => resolve(name, neverAborted));
  // The system's lookup needs one of libuv's four threads.
  expect((await lookupBySystem('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await resolve('shop.test', neverAborted)).toHaveLength(2);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await Promise.all(pending)).toEqual(unansweredNames(20).map(() => []));
});

test('names that got no answer may take only a few lookups, so that others can still be looked up', async () => {
  const resolve = createTestResolver({ lookupTimeoutMs: 200, lookupsMax: 8, unansweredMax: 2 });
  await Promise.all(unansweredNames(6).map((name) => resolve(name, neverAborted)));
  const again = unansweredNames(6).map((name) => resolve(name, neverAborted).then(() => 'looked up', String));
  expect(await resolve('shop.test', neverAborted)).toHaveLength(2);
  expect((await Promise.all(again)).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'Error: too many lookups'),
    ...['looked up', 'looked up'],
  ]);
});

test('the number of concurrent lookups is bounded', async () => {
  const resolve = createTestResolver({ lookupTimeoutMs: 200, lookupsMax: 3 });
  const outcomes = unansweredNames(5).map((name) => resolve(name, neverAborted).then(() => 'looked up', String));
  expect((await Promise.all(outcomes)).filter((outcome) => outcome === 'looked up')).toHaveLength(3);
});

test('callers share the lookup of a name, which ends when the last of them aborts', async () => {
  const resolve = createTestResolver({ lookupTimeoutMs: 60_000 });
  const callers = [new AbortController(), new AbortController()];
  const lookups = callers.map(({ signal }) => resolve('silent.test', signal));
  await eventually(() => expect(server.queried).toHaveLength(2)); // A and AAAA
  callers[0]!.abort();
  const isPending = await Promise.race([
    lookups[1]!.then(() => false),
    resolve('shop.test', neverAborted).then(() => true),
  ]);
  expect(isPending).toBe(true);
  callers[1]!.abort();
  expect(await Promise.all(lookups)).toEqual([[], []]);
});
