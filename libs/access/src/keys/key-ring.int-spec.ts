import { createLogger } from '@souk/service';
import { createTestKeys, type TestKeys } from '../../test/test-keys';
import { createKeyRing } from './key-ring';
import { createKeyStore } from './key-store';

const logger = createLogger('test', 'silent');
const STALE_MS = 60_000;
const QUERIES_PER_READ = 2;

let schema: TestKeys;
beforeAll(async () => {
  schema = await createTestKeys();
});
afterAll(() => schema.drop());

const createKey = (id: string) =>
  createKeyStore(schema.db).put({ id, name: id, scopes: ['shop:read'], actor: 'tester' });

test('a key that was created a moment ago is found', async () => {
  const ring = createKeyRing(schema.db, { staleMs: STALE_MS, logger });
  await createKey('first');
  expect(await ring.find('first')).toMatchObject({ id: 'first' });
});

test('unknown ids, however many, share a read, and those that come later share the next one', async () => {
  let queries = 0;
  const counting = {
    ...schema.db,
    rows: <Row>(...args: [string, unknown[]?]) => (queries++, schema.db.rows<Row>(...args)),
  };
  const ring = createKeyRing(counting, { staleMs: STALE_MS, logger, nowMs: () => 1_000 });
  const findMany = () => Promise.all(Array.from({ length: 100 }, async (_, index) => ring.find(`unknown-${index}`)));
  expect((await findMany()).every((key) => key === undefined)).toBe(true);
  expect(queries).toBe(QUERIES_PER_READ);
  await createKey('unknown-7');
  expect((await findMany()).filter((key) => key !== undefined)).toHaveLength(1);
  expect(queries).toBe(2 * QUERIES_PER_READ);
});

test('keys that were read too long ago are not trusted', async () => {
  let now = 1_000_000;
  await createKey('old');
  const ring = createKeyRing(schema.db, { staleMs: STALE_MS, logger, nowMs: () => now });
  await ring.find('old');
  now += STALE_MS;
  expect(await ring.find('old')).toBeDefined();
  now += 1;
  expect(() => ring.find('old')).toThrow('The list of API keys is not available');
});

test('after the schema was restored from a backup, only what it contains is known', async () => {
  const ring = createKeyRing(schema.db, { staleMs: STALE_MS, logger });
  await createKey('kept');
  await createKey('lost');
  await ring.find('lost');
  await schema.test.rows("DELETE FROM api_key WHERE id = 'lost'");
  await schema.test.rows("UPDATE key_revision SET value = (SELECT revision FROM api_key WHERE id = 'kept')");
  await ring.find('unknown'); // causes a read
  expect(await ring.find('lost')).toBeUndefined();
  expect(await ring.find('kept')).toBeDefined();
});

test('the use of a key is recorded by the time the service stops', async () => {
  await createKey('used');
  const ring = createKeyRing(await schema.connectAsReader(), { staleMs: STALE_MS, logger });
  ring.start();
  ring.noteUse((await ring.find('used'))!);
  await ring.stop();
  expect((await createKeyStore(schema.db).find('used'))!.lastUsedAt).toBeDefined();
});

test('a key that is used all the time is recorded once per round', async () => {
  await createKey('busy');
  let writes = 0;
  const counting = {
    ...schema.db,
    write: (sql: string, parameters?: unknown[]) => {
      writes++;
      ring.noteUse(key!);
      return schema.db.write(sql, parameters);
    },
  };
  const ring = createKeyRing(counting, { staleMs: STALE_MS, logger });
  const key = await ring.find('busy');
  ring.noteUse(key!);
  await ring.stop();
  expect(writes).toBe(1);
});
