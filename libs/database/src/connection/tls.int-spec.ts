import {
  createTestCertificates,
  eventually,
  startTestMysqlServer,
  testEngines,
  type TestCertificates,
  type TestMysqlServer,
} from '@souk/testing';
import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDatabase, type Database } from '../database';
import { migrate } from '../schema/migrator';

let certificates: TestCertificates;
let server: TestMysqlServer;
let db: Database | undefined;

// A container doesn't see the certificates; the tests of whole systems use them there.
const describeLocally = testEngines().images ? describe.skip : describe;

describeLocally('a server that requires TLS and certificates', () => {
  beforeAll(async () => {
    certificates = createTestCertificates();
    const folder = certificates.issue('mysql');
    chmodSync(dirname(folder), 0o755); // the server runs as another user
    server = await startTestMysqlServer(
      ...[`--ssl-ca=${join(folder, 'ca.crt')}`, `--ssl-cert=${join(folder, 'tls.crt')}`],
      ...[`--ssl-key=${join(folder, 'tls.key')}`, '--require-secure-transport=ON'],
    );
    await server.rows("ALTER USER 'app'@'%' REQUIRE X509");
  });
  afterAll(async () => {
    await server.stop();
    certificates.remove();
  });
  afterEach(() => db?.close());

  const open = (url: string) =>
    (db = createDatabase({
      url,
      poolSize: 2,
      acquireTimeoutMs: 3_000,
      statementTimeoutMs: 2_000,
      connectionAgeMaxMs: 1,
    }));

  test('is used with the certificates of the URL, which may be renewed', async () => {
    const folder = certificates.issue('app');
    const url = `${server.url}?tls=${folder}`;
    await migrate(url, [{ name: '0001-t', statements: ['CREATE TABLE t (id INT PRIMARY KEY)'] }]);
    const { rows } = open(url);
    const cipher = async () => (await rows<{ Value: string }>("SHOW SESSION STATUS LIKE 'Ssl_cipher'"))[0]!.Value;
    await eventually(async () => expect(await cipher()).toMatch(/^TLS_/));
    certificates.issue('app');
    expect(await cipher()).toMatch(/^TLS_/);
  });

  test.each([
    ['without TLS', () => server.url],
    ['without a certificate of its authority', () => `${server.url}?tls=${createTestCertificates().issue('app')}`],
  ])('is not used %s', async (_, urlOf) => {
    const { rows } = open(urlOf());
    await expect(rows('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
