import { brokenOf, startTestBooks, type TestBooks } from '../../test/start-test-books';
import type { Tampering } from '../../test/tampering';
import { TAMPERINGS_OF_MONEY } from '../../test/tamperings-of-money';
import { TAMPERINGS_OF_MONITORING } from '../../test/tamperings-of-monitoring';
import { TAMPERINGS_OF_RECORDS } from '../../test/tamperings-of-records';
import { TAMPERINGS_OF_THE_SHOP } from '../../test/tamperings-of-the-shop';
import { rewriteBooks } from '../../test/write-test-books';
import { CHECKS } from './checks';

const TAMPERINGS: Tampering[] = [
  ...TAMPERINGS_OF_MONEY,
  ...TAMPERINGS_OF_RECORDS,
  ...TAMPERINGS_OF_THE_SHOP,
  ...TAMPERINGS_OF_MONITORING,
];

let books: TestBooks;

beforeAll(async () => {
  books = await startTestBooks();
  // No statement can break what these constraints protect, but a bug in the engine or an operator's mistake can, so they are
  // dropped.
  for (const constraint of ['wallet_is_not_overdrawn', 'wallet_has_room', 'refunds_are_bounded'])
    await books.run(`ALTER TABLE wallet.wallet DROP CONSTRAINT ${constraint}`);
  await books.run('ALTER TABLE inventory.product_details DROP CONSTRAINT stock_is_not_negative');
  await books.run('ALTER TABLE wallet.event DROP KEY by_transaction');
});

afterAll(async () => {
  await books.drop();
});

beforeEach(async () => {
  await rewriteBooks(books);
});

test('every check runs on correct books and reports nothing', async () => {
  const results = await books.audit();
  expect(brokenOf(results)).toEqual({});
  expect(results.map(({ check }) => check.name).sort()).toEqual(CHECKS.map(({ name }) => name).sort());
  for (const result of results) expect(result).toMatchObject({ outcome: 'ok', rows: expect.any(Number) });
  const resultOf = (name: string) => results.find(({ check }) => check.name === name);
  expect(resultOf('postings-sum-to-zero')).toMatchObject({ rows: 8 });
  expect(resultOf('completed-order-was-paid')).toMatchObject({ rows: 5 });
});

test.each(TAMPERINGS)('reports exactly this tampering: %s', async (_, statements, expected) => {
  // Random ids are looked up before the statements delete them.
  const ids: Record<string, unknown[]> = {};
  for (const [name, expectedIds] of Object.entries(expected)) {
    ids[name] = [];
    for (const id of expectedIds) {
      if (!id.startsWith('(')) ids[name].push(id);
      else
        ids[name].push(...(await books.run(`SELECT id FROM ${id} matching`)).map((row) => (row as { id: string }).id));
    }
  }
  for (const statement of statements) await books.run(statement);
  const broken = brokenOf(await books.audit());
  const sorted = (byName: Record<string, unknown[]>) =>
    Object.fromEntries(Object.entries(byName).map(([name, rows]) => [name, [...rows].sort()]));
  expect(sorted(broken)).toEqual(sorted(ids));
});

test('every check finds at least one tampering', () => {
  const reportedNames = new Set(TAMPERINGS.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...reportedNames].sort()).toEqual(CHECKS.map(({ name }) => name).sort());
});
