import { eventually } from '@souk/testing';
import { lookup as lookupBySystem } from 'node:dns/promises';
import { startTestNameServer, type TestNameServer } from '../../../../test/notifications/test-name-server';
import { createResolver, type ResolverOptions } from './resolver';

let server: TestNameServer;
const none = new AbortController().signal;

beforeEach(async () => {
  server = await startTestNameServer({ 'shop.test': ['192.0.2.7', '192.0.2.8'], 'unknown.test': [] });
});
afterEach(() => server.close());

const resolver = (options: ResolverOptions = {}) => createResolver({ servers: [server.address], ...options });
const addressesOf = async (lookup: Promise<readonly { address: string }[]>) =>
  (await lookup).map(({ address }) => address);
const dead = (count: number) => Array.from({ length: count }, (_, index) => `dead-${index}.test`);

test('a name gets the addresses that DNS knows, and none if there is no such name', async () => {
  const resolve = resolver();
  expect((await addressesOf(resolve('shop.test', none))).toSorted()).toEqual(['192.0.2.7', '192.0.2.8']);
  expect(await resolve('unknown.test', none)).toEqual([]);
});

test('localhost needs no DNS', async () => {
  expect(await addressesOf(resolver()('localhost', none))).toContain('127.0.0.1');
  expect(server.queried).toEqual([]);
});

test('names without an answer delay no other names, occupy no shared threads, and fail in time', async () => {
  const resolve = resolver({ lookupTimeoutMs: 1_500 });
  const startedAt = performance.now();
  const pending = dead(20).map((name) => resolve(name, none));
  // Needs one of libuv's four threads.
  expect((await lookupBySystem('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await resolve('shop.test', none)).toHaveLength(2);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await Promise.all(pending)).toEqual(dead(20).map(() => []));
});

test('names that got no answer take only a few lookups, so others can still be looked up', async () => {
  const resolve = resolver({ lookupTimeoutMs: 200, lookupsMax: 8, unansweredMax: 2 });
  await Promise.all(dead(6).map((name) => resolve(name, none)));
  const again = dead(6).map((name) => resolve(name, none).then(() => 'looked up', String));
  expect(await resolve('shop.test', none)).toHaveLength(2);
  expect((await Promise.all(again)).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'Error: too many lookups'),
    ...['looked up', 'looked up'],
  ]);
});

test('the number of concurrent lookups is bounded', async () => {
  const resolve = resolver({ lookupTimeoutMs: 200, lookupsMax: 3 });
  const outcomes = dead(5).map((name) => resolve(name, none).then(() => 'looked up', String));
  expect((await Promise.all(outcomes)).filter((outcome) => outcome === 'looked up')).toHaveLength(3);
});

test('callers share the lookup of a name; it ends when the last of them has left', async () => {
  const resolve = resolver({ lookupTimeoutMs: 60_000 });
  const callers = [new AbortController(), new AbortController()];
  const lookups = callers.map(({ signal }) => resolve('dead.test', signal));
  await eventually(() => expect(server.queried).toHaveLength(2)); // A and AAAA
  callers[0]!.abort();
  const isPending = await Promise.race([lookups[1]!.then(() => false), resolve('shop.test', none).then(() => true)]);
  expect(isPending).toBe(true);
  callers[1]!.abort();
  expect(await Promise.all(lookups)).toEqual([[], []]);
});
