import { ADMIN_SCOPES } from '@souk/contracts';
import { createLogger, createMetrics } from '@souk/service';
import { createCuttableProxy, eventually, type CuttableProxy } from '@souk/testing';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { createTestKeys, type TestKeys } from '../test/test-keys';
import { CLAIMS, createToken, SECRET } from '../test/test-tokens';
import { createAccess, type Access } from './access';
import { accessSettings } from './access-settings';
import { createKeyStore } from './keys/key-store';

const ADMIN_KEY = 'an admin key';
const logger = createLogger('test', 'silent');

let schema: TestKeys;
let proxy: CuttableProxy;
const running: Access[] = [];

beforeAll(async () => {
  schema = await createTestKeys();
});
afterAll(() => schema.drop());
beforeEach(async () => {
  const { hostname, port } = new URL(schema.test.url);
  proxy = await createCuttableProxy({ host: hostname, port: Number(port) });
});
afterEach(async () => {
  for (const access of running.splice(0)) await access.stop();
  await proxy.close();
});

/** Starts what a service does, with its own list of keys. */
function startAccess(): Access {
  const url = new URL(schema.test.url);
  url.port = String(proxy.port);
  const settings = z.object(accessSettings).parse({
    ...{ ACCESS: 'closed', ADMIN_API_KEY: ADMIN_KEY, ACCESS_DATABASE_URL: url.href },
    ...{ TOKEN_SECRET: SECRET, TOKEN_ISSUER: CLAIMS.iss, TOKEN_AUDIENCE: CLAIMS.aud },
  });
  const access = createAccess({ ...settings, SOUK_BIND: '127.0.0.1' }, { logger, metrics: createMetrics('test') });
  running.push(access);
  access.start();
  return access;
}

async function createKey(id: string): Promise<string> {
  const result = await createKeyStore(schema.db).put({ id, name: id, scopes: ['shop:write'], actor: 'tester' });
  return (result as { text: string }).text;
}

const identify = async (access: Access, headers: IncomingHttpHeaders) => access.identify(headers);
const refusal = { kind: 'unauthenticated', code: 'UNAUTHORIZED' };

test('the holder of a key is known by it, in either header', async () => {
  const access = startAccess();
  const text = await createKey('known');
  const holder = { kind: 'key', actor: 'key:known', owner: 'key:known', scopes: ['shop:write'] };
  expect(await identify(access, { 'x-api-key': text })).toEqual(holder);
  expect(await identify(access, { authorization: `Bearer ${text}` })).toEqual(holder);
  expect(await identify(access, { authorization: `bearer ${text}` })).toEqual(holder);
});

test('the admin key has every admin scope', async () => {
  const admin = { kind: 'key', actor: 'admin-key', owner: 'admin-key', scopes: ADMIN_SCOPES };
  expect(await identify(startAccess(), { 'x-api-key': ADMIN_KEY })).toEqual(admin);
});

test('a customer is known by a token', async () => {
  const headers = { authorization: `Bearer ${await createToken()}` };
  expect(await identify(startAccess(), headers)).toMatchObject({ kind: 'customer', clientID: 'alice' });
});

test('a caller without credentials may do nothing', async () => {
  expect(await identify(startAccess(), {})).toEqual({ kind: 'anonymous', scopes: [] });
});

test('invalid credentials are refused', async () => {
  const access = startAccess();
  const text = await createKey('guarded');
  const [, other] = (await createKey('other')).split('souk_other_');
  for (const key of ['', 'x', `${text}x`, `souk_guarded_${other}`, `souk_unknown_${other}`, `${ADMIN_KEY} `]) {
    await expect(identify(access, { 'x-api-key': key })).rejects.toMatchObject(refusal);
  }
  const token = await createToken();
  for (const authorization of ['', 'Bearer', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${ADMIN_KEY}`, token]) {
    await expect(identify(access, { authorization })).rejects.toMatchObject(refusal);
  }
  const both = { 'x-api-key': text, authorization: `Bearer ${token}` };
  await expect(identify(access, both)).rejects.toMatchObject(refusal);
});

test('every service refuses a revoked key within 5 seconds', async () => {
  const services = [startAccess(), startAccess()];
  const text = await createKey('revoked');
  for (const access of services) await identify(access, { 'x-api-key': text });
  await createKeyStore(schema.db).revoke('revoked');
  const refused = services.map((access) =>
    eventually(() => expect(identify(access, { 'x-api-key': text })).rejects.toMatchObject(refusal), 5_000),
  );
  await Promise.all(refused);
});

test('while the database is away, known keys work and unknown ones are refused', async () => {
  const access = startAccess();
  const text = await createKey('steady');
  await identify(access, { 'x-api-key': text });
  await proxy.close();
  proxy.cut();
  expect(await identify(access, { 'x-api-key': text })).toMatchObject({ actor: 'key:steady' });
  const unknown = text.replace('steady', 'unknown');
  await expect(identify(access, { 'x-api-key': unknown })).rejects.toMatchObject(refusal);
});

test('a service that has never read the keys cannot check one, but still accepts the admin key and tokens', async () => {
  await proxy.close();
  const access = startAccess();
  const text = await createKey('early');
  await expect(identify(access, { 'x-api-key': text })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await identify(access, { 'x-api-key': ADMIN_KEY })).toMatchObject({ kind: 'key' });
  expect(await identify(access, { authorization: `Bearer ${await createToken()}` })).toMatchObject({
    kind: 'customer',
  });
});
