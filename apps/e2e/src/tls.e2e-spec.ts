import { eventually } from '@souk/testing';
import mysql from 'mysql2/promise';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import { connectBroker, connectRedis, mysqlOptions } from '../test/engine-clients';
import { startShopping, wrongReplies } from '../test/shopping';
import { startSouk, type SoukSystem } from '../test/souk-system';

const MINUTE_MS = 60_000;

let souk: SoukSystem;
const stockSet = new Map<string, number>();

beforeAll(async () => {
  souk = await startSouk({}, { withTls: true });
  for (const productID of ['lamp', 'rug']) {
    await souk.send('PUT', `/products/${productID}`, { productName: productID, unitPrice: '1.00', quantity: 100_000 });
    stockSet.set(productID, 100_000);
  }
}, 5 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

const withoutTls = (url: string) => url.replace(/\?.*/, '').replace(/^(amqp|redis)s:/, '$1:');
const serialOf = (name: string) =>
  new X509Certificate(readFileSync(join(souk.home, 'tls', name, 'tls.crt'))).serialNumber;

test('no engine accepts a connection without TLS', async () => {
  await expect(mysql.createConnection(mysqlOptions(withoutTls(souk.urls.mysqlRoot)))).rejects.toThrow(
    /secure transport/,
  );
  await expect(connectBroker(withoutTls(souk.urls.rabbitmq))).rejects.toThrow();
  const redis = connectRedis(withoutTls(souk.urls.redis));
  const ended = new Promise((resolve) => redis.once('close', resolve));
  await ended;
  redis.disconnect();
});

test('no engine accepts a connection without a certificate', async () => {
  const { ssl } = mysqlOptions(souk.urls.mysqlRoot);
  const { ca } = ssl as { ca: string };
  for (const url of [souk.urls.rabbitmq, souk.urls.redis]) {
    const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(url).port), ca });
    // With TLS 1.3, the server refuses the client after the client's side of the handshake is complete.
    const refusal = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(refusal.message).toMatch(/certificate required/);
  }
  const { port } = new URL(souk.urls.mysqlRoot);
  const password = /CART_DB_PASSWORD=(\S+)/.exec(readFileSync(join(souk.home, 'settings.env'), 'utf8'))![1]!;
  const login = { host: '127.0.0.1', port: Number(port), user: 'cart', password };
  await expect(mysql.createConnection({ ...login, ssl: { ca } })).rejects.toThrow(/Access denied/);
  await (await mysql.createConnection({ ...login, ssl })).end();
});

test(
  'certificates are renewed under load, without a failed request',
  async () => {
    const names = ['mysql', 'rabbitmq', 'redis', 'wallet-api', 'cart-worker'];
    const old = names.map(serialOf);
    const shoppers = await startShopping(souk, 16, [...stockSet.keys()], { pauseMs: 20 });
    await eventually(() => expect(shoppers.statuses.get(200)).toBeGreaterThan(100), MINUTE_MS);
    await souk.renewCertificates();
    expect(names.map(serialOf).filter((serial) => old.includes(serial))).toEqual([]);
    // gRPC connections are replaced after 30 s, so by now some of them use the new certificates.
    const enough = shoppers.statuses.get(200)! + 2_000;
    await eventually(() => expect(shoppers.statuses.get(200)).toBeGreaterThan(enough), 3 * MINUTE_MS);
    const added = await shoppers.stop();
    expect(
      Object.fromEntries([0, 500, 502, 503, 504].map((status) => [status, shoppers.statuses.get(status)])),
    ).toEqual({});
    await waitUntilAllOrdersEnd(souk);
    expect(await wrongReplies(souk, added, shoppers.statuses)).toEqual([]);
    expect(await brokenPromises(souk, stockSet)).toEqual([]);
  },
  6 * MINUTE_MS,
);
