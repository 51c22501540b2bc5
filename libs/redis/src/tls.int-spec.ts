import { createLogger } from '@souk/service';
import {
  createTestCertificates,
  createTlsProxy,
  eventually,
  startTestRedisServer,
  type TestCertificates,
  type TestRedisServer,
  type TlsProxy,
} from '@souk/testing';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDurableRedis, type DurableRedis } from './durable-redis';

let server: TestRedisServer;
let certificates: TestCertificates;
let proxy: TlsProxy;
let durable: DurableRedis | undefined;

beforeAll(async () => (server = await startTestRedisServer()));
afterAll(() => server.stop());
beforeEach(async () => {
  certificates = createTestCertificates();
  proxy = await createTlsProxy({ host: '127.0.0.1', port: server.port }, certificates.issue('redis'));
});
afterEach(async () => {
  await durable?.close();
  await proxy.close();
  certificates.remove();
});

function open(folder: string): DurableRedis {
  const url = `rediss://127.0.0.1:${proxy.port}?tls=${folder}`;
  const logger = createLogger('test', 'silent');
  durable = createDurableRedis('the store', { url, keyPrefix: 't:', timeoutMs: 1_000, logger });
  return durable;
}

test('a connection uses the certificates of its URL, and a new connection uses renewed ones', async () => {
  const folder = certificates.issue('app');
  const serial = () => new X509Certificate(readFileSync(join(folder, 'tls.crt'))).serialNumber;
  const first = serial();
  const { ping } = open(folder);
  await eventually(() => ping());
  certificates.issue('app');
  certificates.issue('redis');
  proxy.reload();
  proxy.cut();
  await eventually(async () => {
    await ping();
    expect(proxy.clientSerials).toEqual([first, serial()]);
  });
});

test('a server with a certificate of another authority is not trusted', async () => {
  const others = createTestCertificates();
  const { redis, ping } = open(others.issue('app'));
  const reason = await new Promise<Error>((resolve) => redis.once('error', resolve));
  expect(reason.message).toMatch(/certificate/);
  await expect(ping()).rejects.toMatchObject({ kind: 'unavailable' });
  others.remove();
});
