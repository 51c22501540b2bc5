import { createLogger, createMetrics } from '@souk/service';
import { createTestCertificates, eventually, type TestCertificates } from '@souk/testing';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { z } from 'zod';
import { createEventClient, eventService, type EventClient } from './event';
import { grpcSettings } from './grpc-token';
import { createGrpcServer, implementService, type GrpcServer } from './server';

const notCalled = () => Promise.reject(new Error('not called in this test'));
const NO_HANDLERS = { getEvents: notCalled, listEvents: notCalled, listHeads: notCalled };

let certificates: TestCertificates;
let serverFolder: string;
let server: GrpcServer;
const clients: EventClient[] = [];

beforeEach(async () => {
  certificates = createTestCertificates();
  serverFolder = certificates.issue('wallet-api');
  server = createGrpcServer({
    ...{ host: '127.0.0.1', port: 0, tls: serverFolder, checks: {} },
    services: [implementService(eventService, NO_HANDLERS)],
    ...{ logger: createLogger('test', 'silent'), metrics: createMetrics('test') },
  });
  await server.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
  certificates.remove();
});

function open(tls?: string): EventClient {
  const client = createEventClient({ address: `ipv4:127.0.0.1:${server.port()}`, deadlineMs: 2_000, tls });
  clients.push(client);
  return client;
}

test('a caller with a certificate of the same authority is served', async () => {
  await open(certificates.issue('monitoring')).ping();
});

test.each([
  ['without TLS', () => undefined],
  ['with a certificate of another authority', () => createTestCertificates().issue('monitoring')],
])('a caller %s is refused', async (_, folderOf) => {
  await expect(open(folderOf()).ping()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a renewed certificate is served without a restart, and open connections stay', async () => {
  const folder = certificates.issue('monitoring');
  const client = open(folder);
  await client.ping();
  certificates.issue('wallet-api');
  certificates.issue('monitoring');
  const read = (name: string) => readFileSync(join(folder, name));
  const options = { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key'), ALPNProtocols: ['h2'] };
  const servedSerial = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: server.port(), ...options }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  const renewed = new X509Certificate(readFileSync(join(serverFolder, 'tls.crt'))).serialNumber;
  await eventually(async () => expect(await servedSerial()).toBe(renewed), 15_000);
  await client.ping();
  await open(folder).ping();
}, 30_000);

test('a folder without an authority, a certificate and a key is not accepted as a setting', () => {
  const { error } = z.object(grpcSettings).safeParse({ GRPC_TLS: '/nowhere' });
  expect(error?.issues.map(({ message }) => message)).toEqual(['/nowhere is not a folder']);
});
