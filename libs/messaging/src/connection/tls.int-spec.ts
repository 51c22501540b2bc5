import { createLogger } from '@souk/service';
import {
  createTestCertificates,
  createTlsProxy,
  eventually,
  type TestCertificates,
  type TlsProxy,
} from '@souk/testing';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, startTestMessaging, type TestMessaging } from '../../test/start-test-messaging';
import { redrive } from '../redrive';
import { createBroker, type Broker } from './broker';

let messaging: TestMessaging;
let certificates: TestCertificates;
let proxy: TlsProxy;
let folder: string;
let broker: Broker;

beforeEach(async () => {
  messaging = await startTestMessaging('tls');
  certificates = createTestCertificates();
  const { hostname: host, port } = new URL(messaging.server.url);
  proxy = await createTlsProxy({ host, port: Number(port) }, certificates.issue('rabbitmq'));
  folder = certificates.issue('app');
  broker = createBroker({ url: secureUrl(), name: 'test', logger: silentLogger });
});

afterEach(async () => {
  await broker.stop();
  await proxy.close();
  certificates.remove();
  await messaging.stop();
});

function secureUrl(path = folder): string {
  const url = messaging.server.url.replace(/^amqp:/, 'amqps:').replace(/:\d+\//, `:${proxy.port}/`);
  return `${url}?tls=${path}`;
}

const serialIn = (path: string) => new X509Certificate(readFileSync(join(path, 'tls.crt'))).serialNumber;

test('a connection uses the certificates of its URL, and a new connection uses renewed ones', async () => {
  const first = serialIn(folder);
  broker.start();
  await eventually(() => broker.ping());
  certificates.issue('rabbitmq');
  proxy.reload();
  certificates.issue('app');
  proxy.cut();
  await eventually(async () => {
    await broker.checkPublishing();
    expect(proxy.clientSerials).toEqual([first, serialIn(folder)]);
  });
});

test('a broker with a certificate of another authority is not trusted', async () => {
  const others = createTestCertificates();
  const reasons: string[] = [];
  const logger = createLogger('test', 'silent');
  logger.warn = ({ reason }: { reason: string }) => void reasons.push(reason);
  const stranger = createBroker({ url: secureUrl(others.issue('app')), name: 'test', logger });
  stranger.start();
  await eventually(() => expect(reasons.join()).toMatch(/certificate/));
  await stranger.stop();
  others.remove();
  expect(proxy.clientSerials).toEqual([]);
});

test('a redrive uses the certificates too', async () => {
  expect(await redrive(secureUrl(), 'cart-worker.jobs', { ageMaxHours: 1 })).toEqual({ redriven: 0, refused: 0 });
  expect(proxy.clientSerials).toEqual([serialIn(folder)]);
});
