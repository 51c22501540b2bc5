import { createTestCertificates, type TestCertificates } from '@souk/testing';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer, type Server } from 'node:tls';
import { engineUrlSetting, parseEngineUrl } from './engine-url';
import { openTlsFolder } from './tls-folder';

let certificates: TestCertificates;
let folder: string;

beforeEach(() => {
  certificates = createTestCertificates();
  folder = certificates.issue('app');
});
afterEach(() => certificates.remove());

const serialOf = (pem = '') => new X509Certificate(pem).serialNumber;
const currentSerial = () => serialOf(readFileSync(join(folder, 'tls.crt'), 'utf8'));

test('a renewed certificate is used by the next connection that is opened with the same options', async () => {
  const tls = openTlsFolder(folder);
  const own = tls.files();
  const serverFiles = { ca: own.ca!, cert: own.cert!, key: own.key! };
  const serials: string[] = [];
  const server: Server = createServer({ ...serverFiles, requestCert: true }, (socket) => {
    serials.push(socket.getPeerCertificate().serialNumber);
    socket.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { host: '127.0.0.1', port, secureContext: tls.secureContext };
  const expected: string[] = [];
  for (let n = 0; n < 2; n++) {
    certificates.issue('app');
    expected.push(currentSerial());
    const socket = connect(options).resume();
    await once(socket, 'close');
  }
  server.close();
  expect(serials).toEqual(expected);
  expect(new Set(serials).size).toBe(2);
});

test('the same files are the same object, and files that do not fit together are not used', () => {
  const tls = openTlsFolder(folder);
  const first = tls.files();
  expect(tls.files()).toBe(first);
  const other = certificates.issue('other');
  writeFileSync(join(folder, 'tls.key'), readFileSync(join(other, 'tls.key')));
  expect(tls.files()).toBe(first);
  rmSync(join(folder, 'tls.key'));
  expect(tls.files()).toBe(first);
  writeFileSync(join(folder, 'tls.key'), readFileSync(join(other, 'tls.key')));
  writeFileSync(join(folder, 'tls.crt'), readFileSync(join(other, 'tls.crt')));
  expect(serialOf(tls.files().cert)).toBe(serialOf(readFileSync(join(other, 'tls.crt'), 'utf8')));
});

test('a folder that cannot be used is refused with the reason', () => {
  expect(() => openTlsFolder('/nowhere')).toThrow('/nowhere is not a folder');
  writeFileSync(join(folder, 'tls.crt'), 'no certificate');
  expect(() => openTlsFolder(folder)).toThrow(`the certificates in ${folder} can't be used`);
  rmSync(join(folder, 'tls.crt'));
  expect(() => openTlsFolder(folder)).toThrow('tls.crt and tls.key belong together');
});

test.each([
  ['amqp', 'amqps'],
  ['redis', 'rediss'],
  ['mysql', 'mysql'],
] as const)('a URL of %s may name the folder, and the library does not see it', (scheme, encrypting) => {
  const url = `${encrypting}://user:p%40ss@host:1/path`;
  expect(engineUrlSetting(scheme).parse(`${url}?tls=${folder}`)).toBe(`${url}?tls=${folder}`);
  const address = parseEngineUrl(`${url}?heartbeat=5&tls=${folder}`);
  expect(address.url).toBe(`${url}?heartbeat=5`);
  expect(address.tls!.files().cert).toBeDefined();
  expect(parseEngineUrl(url)).toEqual({ url, tls: undefined });
});

test.each([
  ['amqp', 'amqp://host?tls=FOLDER', 'must start with amqps:// to use TLS'],
  ['redis', 'redis://host?tls=FOLDER', 'must start with rediss:// to use TLS'],
  ['redis', 'http://host', 'must start with redis:// or rediss://'],
  ['mysql', 'mysqls://host', 'must start with mysql://'],
  ['mysql', 'nonsense', 'Invalid URL'],
  ['mysql', 'mysql://host?tls=/nowhere', '/nowhere is not a folder'],
] as const)('a URL of %s such as %s is refused: %s', (scheme, url, message) => {
  const { error } = engineUrlSetting(scheme).safeParse(url.replace('FOLDER', folder));
  expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
});
