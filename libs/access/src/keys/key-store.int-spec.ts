import { secretDigest } from '@souk/service';
import { createTestKeys, type TestKeys } from '../../test/test-keys';
import { admits } from './api-key';
import { createKeyStore, readChangedKeys, recordKeyUse, type KeyStore } from './key-store';
import { parseKeyText } from './key-text';

let schema: TestKeys;
let keys: KeyStore;

beforeAll(async () => {
  schema = await createTestKeys();
  keys = createKeyStore(schema.db);
});
afterAll(() => schema.drop());

const SHOP = { name: 'Shop', scopes: ['shop:write'], actor: 'tester' } as const;
const digestOf = (text: string | undefined) => secretDigest(parseKeyText(text!)!.secret);

/** @returns the key and its text */
async function put(id: string, change: Partial<Parameters<KeyStore['put']>[0]> = {}) {
  const result = await keys.put({ id, ...SHOP, ...change });
  if (!result.ok) throw new Error(result.code);
  return result;
}

test('a new key is stored without its secret, which is returned once', async () => {
  const { key, text } = await put('new', { expiresAt: new Date('2100-01-01T00:00:00Z') });
  expect(text).toMatch(/^souk_new_/);
  expect(admits(key, digestOf(text), Date.now())).toBe(true);
  expect(key).toMatchObject({ id: 'new', name: 'Shop', scopes: ['shop:write'], createdBy: 'tester' });
  expect(key.expiresAt).toEqual(new Date('2100-01-01T00:00:00Z'));
  expect(await keys.find('new')).toEqual(key);
  const [row] = await schema.test.rows('SELECT * FROM api_key WHERE id = ?', ['new']);
  expect(JSON.stringify(row)).not.toContain(parseKeyText(text!)!.secret);
});

test('changing a key keeps its secret', async () => {
  const created = await put('changed');
  const { key, text } = await put('changed', { name: 'Other', scopes: ['wallet:read', 'shop:read'] });
  expect(text).toBeUndefined();
  expect(key).toMatchObject({ name: 'Other', scopes: ['shop:read', 'wallet:read'] });
  expect(admits(key, digestOf(created.text), Date.now())).toBe(true);
});

test('a rotated key has two secrets for a while; repeating the rotation replaces only the newer one', async () => {
  const created = await put('rotated');
  const rotate = { overlapMs: 60_000 };
  const rotated = await put('rotated', { rotate });
  const now = Date.now();
  for (const { text } of [created, rotated]) expect(admits(rotated.key, digestOf(text), now)).toBe(true);
  expect(admits(rotated.key, digestOf(created.text), now + 61_000)).toBe(false);
  expect(admits(rotated.key, digestOf(rotated.text), now + 61_000)).toBe(true);
  const again = await put('rotated', { rotate });
  for (const { text } of [created, again]) expect(admits(again.key, digestOf(text), now)).toBe(true);
  expect(admits(again.key, digestOf(rotated.text), now)).toBe(false);
});

test('a rotation without overlap ends all earlier secrets at once', async () => {
  const created = await put('leaked');
  const rotated = await put('leaked', { rotate: { overlapMs: 60_000 } });
  const { key } = await put('leaked', { rotate: { overlapMs: 0 } });
  for (const { text } of [created, rotated]) expect(admits(key, digestOf(text), Date.now() + 1_000)).toBe(false);
});

test('a rotation changes nothing but the secret', async () => {
  const { key } = await put('kept');
  const rotated = await keys.rotate('kept', { overlapMs: 60_000 });
  expect(rotated).toMatchObject({ ok: true, key: { name: key.name, scopes: key.scopes }, text: expect.any(String) });
  expect(await keys.rotate('never-there', { overlapMs: 0 })).toEqual({ ok: false, code: 'KEY_NOT_FOUND' });
});

test('a key that must be new is refused if it exists', async () => {
  await put('taken');
  expect(await keys.put({ id: 'taken', ...SHOP, mustBeNew: true })).toEqual({ ok: false, code: 'KEY_EXISTS' });
});

test('a revoked key is refused for good, and its id cannot be used again', async () => {
  const { text } = await put('gone');
  const revoked = await keys.revoke('gone');
  expect(admits(revoked!, digestOf(text), Date.now())).toBe(false);
  expect(await keys.revoke('gone')).toEqual({ ...revoked, revision: revoked!.revision });
  expect(await keys.put({ id: 'gone', ...SHOP })).toEqual({ ok: false, code: 'KEY_REVOKED' });
  expect(await keys.revoke('never-there')).toBeUndefined();
});

test('an expired key is refused', async () => {
  const { key, text } = await put('expired', { expiresAt: new Date(Date.now() + 60_000) });
  expect(admits(key, digestOf(text), Date.now() + 59_000)).toBe(true);
  expect(admits(key, digestOf(text), Date.now() + 60_000)).toBe(false);
});

test('a wrong secret is refused', async () => {
  const { key } = await put('guarded');
  expect(admits(key, secretDigest('x'.repeat(43)), Date.now())).toBe(false);
});

test('keys are listed by id, one page after the other', async () => {
  for (const id of ['list-a', 'list-b', 'list-c']) await put(id);
  const page = await keys.list({ after: 'list-', limit: 2 });
  expect(page.map(({ id }) => id)).toEqual(['list-a', 'list-b']);
  expect((await keys.list({ after: 'list-b', limit: 1 })).map(({ id }) => id)).toEqual(['list-c']);
});

test('concurrent changes get different revisions, so that no reader misses one', async () => {
  const { latest } = await readChangedKeys(schema.db, 0);
  await Promise.all(Array.from({ length: 10 }, (_, index) => put(`raced-${index}`)));
  const { changed } = await readChangedKeys(schema.db, latest);
  expect(changed.map(({ id }) => id).sort()).toEqual(Array.from({ length: 10 }, (_, index) => `raced-${index}`));
  expect(new Set(changed.map(({ revision }) => revision)).size).toBe(10);
});

test('a service that checks keys can read them and record their use, but change nothing', async () => {
  await put('read');
  const reader = await schema.connectAsReader();
  expect((await readChangedKeys(reader, 0)).changed.map(({ id }) => id)).toContain('read');
  await recordKeyUse(reader, 'read');
  expect((await keys.find('read'))!.lastUsedAt!.getTime()).toBeGreaterThan(Date.now() - 60_000);
  for (const sql of [
    "UPDATE api_key SET scopes = 'operator' WHERE id = 'read'",
    "DELETE FROM api_key WHERE id = 'read'",
    'UPDATE key_revision SET value = 0',
    'DROP PROCEDURE record_key_use',
  ]) {
    await expect(reader.write(sql)).rejects.toThrow();
  }
  await expect(createKeyStore(reader).put({ id: 'forged', ...SHOP })).rejects.toThrow();
});
