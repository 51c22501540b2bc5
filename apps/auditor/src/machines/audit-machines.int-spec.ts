import { machineKeys } from '@souk/contracts';
import { Redis } from 'ioredis';
import { brokenOf, startTestBooks, type TestBooks } from '../../test/start-test-books';
import { startTestMachines, type TestMachines } from '../../test/start-test-machines';
import { TAMPERINGS_OF_MACHINES } from '../../test/tamperings-of-machines';
import { addEntry, ENTRIES, JOURNAL, rewriteMachines, STATE } from '../../test/write-test-machines';
import { runAudit } from '../app';
import { configSchema } from '../config';
import { MACHINE_CHECKS } from './machine-checks';

const NAMES = Object.values(MACHINE_CHECKS).map(({ name }) => name);

let books: TestBooks;
let machines: TestMachines;

beforeAll(async () => {
  books = await startTestBooks();
  machines = await startTestMachines(books);
});

afterAll(async () => {
  await machines.close();
  await books.drop();
});

beforeEach(() => rewriteMachines(books, machines));

test('every check of the machines runs on correct books and reports nothing', async () => {
  const results = await machines.audit();
  expect(results.map(({ check, ...result }) => ({ name: check.name, ...result }))).toEqual(
    [13, 13, 13, 1, 2, 9].map((rows, index) => ({
      name: NAMES[index],
      rows,
      outcome: 'ok',
      durationMs: expect.any(Number),
    })),
  );
  expect(brokenOf(await books.audit())).toEqual({});
});

test.each(TAMPERINGS_OF_MACHINES)('reports exactly this tampering: %s', async (_, tamper, expected) => {
  await tamper(machines, books);
  const broken = Object.entries(brokenOf(await machines.audit()));
  expect(Object.fromEntries(broken.map(([name, ids]) => [name, [...new Set(ids)].sort()]))).toEqual(expected);
});

test('every check of the machines finds at least one tampering', () => {
  const reportedNames = new Set(TAMPERINGS_OF_MACHINES.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...reportedNames].sort()).toEqual([...NAMES].sort());
});

test('a customer whose reference looks like that of a machine may be paid for anything', async () => {
  await books.run("UPDATE wallet.account SET role = 'customer' WHERE reference = 'atm-main'");
  await machines.redis.del(STATE, JOURNAL);
  expect(brokenOf(await machines.audit())).toEqual({});
});

test('a withdrawal opened and charged during the audit is found in the journal of its machine', async () => {
  const { store, redis } = machines;
  const lateEntry = { ...ENTRIES[2]!, id: 'late' };
  await books.run("UPDATE wallet.payment SET payment_id = 'late' WHERE payment_id = 'pending'");
  const readJournal: typeof store.readJournal = async function* (machineId, after, upTo) {
    yield* store.readJournal(machineId, after, upTo);
    if (machineId === 'main' && after === 0) await addEntry(machines, ENTRIES.length + 1, lateEntry);
  };
  expect(brokenOf(await machines.audit({ store: { ...store, readJournal } }))).toEqual({});
  expect(await redis.xlen(JOURNAL)).toBe(ENTRIES.length + 1);
});

test('a journal of many pages is followed to its end; the first of many broken rows are reported', async () => {
  const refill = { ...ENTRIES[8]!, change: {} };
  await machines.redis.del(JOURNAL);
  await Promise.all(Array.from({ length: 4_100 }, (_, index) => addEntry(machines, (index + 1) * 2, refill)));
  const [gapless] = await machines.audit();
  expect(gapless).toMatchObject({ outcome: 'broken', rows: 4_101, brokenCount: 4_101 });
  expect(gapless?.outcome === 'broken' && gapless.broken).toHaveLength(20);
});

test('without the store or the wallet, the checks that need it are skipped, and the result says so', async () => {
  const skippedOf = async (deps: Parameters<TestMachines['audit']>[0]) =>
    (await machines.audit(deps)).flatMap((result) =>
      result.outcome === 'skipped' ? [[result.check.name, result.reason]] : [],
    );
  const noStore = 'AUDIT_REDIS_URL is not set, so the cash machines cannot be read';
  expect(await skippedOf({ store: undefined })).toEqual(NAMES.map((name) => [name, noStore]));
  const schemas = { ...books.schemas, wallet: 'no_such_wallet' };
  expect(await skippedOf({ schemas })).toEqual(NAMES.slice(3).map((name) => [name, 'there is no wallet schema']));
});

test('the audit of a running system includes the machines', async () => {
  const config = configSchema.parse({
    AUDIT_DATABASE_URL: books.url,
    AUDIT_REDIS_URL: machines.url,
    AUDIT_GRACE_MS: '0',
  });
  const { schemas } = books;
  const run = async () => {
    const lines: string[] = [];
    const output = { print: (text: string) => lines.push(text), printProgress: () => undefined };
    return { isSound: await runAudit(config, output, { schemas, keyPrefix: machines.keyPrefix }), lines };
  };
  const { isSound, lines } = await run();
  expect([isSound, lines.at(-1)]).toEqual([
    true,
    expect.stringMatching(/^(\d+) checks: nothing is broken, \1 ok, 0 skipped/),
  ]);
  await books.run("DELETE FROM wallet.payment WHERE payment_id = 'paid'");
  expect((await run()).isSound).toBe(false);
});

test('the auditor can neither write to a machine nor read anything else in Redis', async () => {
  const auditor = new Redis(machines.url, { keyPrefix: machines.keyPrefix, enableReadyCheck: false });
  expect(await auditor.hget(STATE, 'version')).toBe('9');
  const { outcome } = machineKeys('main');
  for (const refused of [
    auditor.hset(STATE, 'version', 10),
    auditor.del(JOURNAL),
    auditor.get(outcome('a')),
    auditor.get('a'),
  ])
    await expect(refused).rejects.toThrow(/^NOPERM/);
  await auditor.quit();
});

test('the audit fails if the store cannot be read', async () => {
  await machines.redis.set(JOURNAL.replace('main', 'odd'), 'no stream');
  await expect(machines.audit()).rejects.toMatchObject({ kind: 'unavailable' });
  await machines.redis.del(JOURNAL.replace('main', 'odd'));
});
