import { createLogger } from '@souk/service';
import {
  createCuttableProxy,
  eventually,
  startTestRedisServer,
  type CuttableProxy,
  type TestRedisServer,
} from '@souk/testing';
import { createDurableRedis, type DurableRedis } from './durable-redis';

let server: TestRedisServer;
let proxy: CuttableProxy;
let durable: DurableRedis;
let errors: string[];
let warnings: string[];

beforeEach(async () => {
  server = await startTestRedisServer();
  proxy = await createCuttableProxy({ host: '127.0.0.1', port: server.port });
  errors = [];
  warnings = [];
  const logger = createLogger('test', 'silent');
  logger.error = (text: unknown) => void errors.push(String(text));
  logger.warn = (text: unknown) => void warnings.push(String(text));
  durable = createDurableRedis('the store', {
    url: `redis://127.0.0.1:${proxy.port}`,
    keyPrefix: 't:',
    timeoutMs: 1_000,
    logger,
  });
});

afterEach(async () => {
  await durable.close();
  await proxy.close();
  await server.stop();
});

test('a primary that writes each command to disk is accepted without a warning', async () => {
  await eventually(() => durable.requireDurable());
  await durable.ping();
  expect([errors, warnings]).toEqual([[], []]);
});

test.each([
  [
    'flushes every second',
    ['CONFIG', 'SET', 'appendfsync', 'everysec'],
    ['CONFIG', 'SET', 'appendfsync', 'always'],
    /appendfsync everysec: a crash would lose/,
  ],
  [
    'has no append-only file',
    ['CONFIG', 'SET', 'appendonly', 'no'],
    ['CONFIG', 'SET', 'appendonly', 'yes'],
    /appendonly off: a crash would lose/,
  ],
  ['is a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /is a replica/],
] as const)(
  'a server that %s is refused with the reason, and accepted once it is corrected',
  async (_, breakCommand, repairCommand, reason) => {
    await server.call(...(breakCommand as unknown as [string]));
    await eventually(async () => {
      await expect(durable.ping()).rejects.toMatchObject({
        kind: 'unavailable',
        cause: { message: expect.stringMatching(reason) as string },
      });
    });
    expect(errors).toEqual([expect.stringMatching(reason)]);
    await server.call(...(repairCommand as unknown as [string]));
    await eventually(() => durable.ping());
  },
);

test('a server that does not show its settings causes a warning', async () => {
  await server.call('ACL', 'SETUSER', 'default', '-config');
  await eventually(() => durable.ping());
  expect(warnings).toEqual([expect.stringMatching(/does not show appendfsync/)]);
});

test('a connection that no longer receives replies is replaced', async () => {
  await eventually(() => durable.ping());
  proxy.silence();
  await expect(durable.ping()).rejects.toMatchObject({ kind: 'unavailable' });
  await eventually(() => durable.ping());
});
