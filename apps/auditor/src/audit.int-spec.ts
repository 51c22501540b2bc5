import { createDatabase, type Database } from '@souk/database';
import { CHECKS } from './checks';
import type { Tampering } from './test-books/tampering';
import { TAMPERINGS_OF_MONEY } from './test-books/tamperings-of-money';
import { TAMPERINGS_OF_RECORDS } from './test-books/tamperings-of-records';
import { TAMPERINGS_OF_THE_SHOP } from './test-books/tamperings-of-the-shop';
import { forgetAll, writeLedger, writeShop } from './test-books/write-test-books';
import { brokenOf, startTestBooks, type TestBooks } from './test-books/start-test-books';

const TAMPERINGS: Tampering[] = [...TAMPERINGS_OF_MONEY, ...TAMPERINGS_OF_RECORDS, ...TAMPERINGS_OF_THE_SHOP];

let books: TestBooks;
let wallet: Database;

beforeAll(async () => {
  books = await startTestBooks();
  wallet = createDatabase({
    url: books.databases.wallet.url,
    ...{ poolSize: 2, acquireTimeoutMs: 5_000, statementTimeoutMs: 10_000 },
  });
  // What the engine refuses can't be broken by a statement; a fault of the engine or of its operator may break it all the same.
  for (const constraint of ['wallet_is_not_overdrawn', 'wallet_has_room', 'refunds_are_bounded'])
    await books.run(`ALTER TABLE wallet.wallet DROP CONSTRAINT ${constraint}`);
  await books.run('ALTER TABLE inventory.product_details DROP CONSTRAINT stock_is_not_negative');
  await books.run('ALTER TABLE wallet.event DROP KEY by_transaction');
});

afterAll(async () => {
  await wallet.close();
  await books.drop();
});

beforeEach(async () => {
  await forgetAll(books);
  await writeLedger(wallet);
  await writeShop(books);
});

test('of true books nothing is reported, and every check was made', async () => {
  const results = await books.audit();
  expect(brokenOf(results)).toEqual({});
  expect(results.map(({ check }) => check.name).sort()).toEqual(CHECKS.map(({ name }) => name).sort());
  for (const result of results) expect(result).toMatchObject({ outcome: 'ok', rows: expect.any(Number) });
  const rowsOf = (name: string) => results.find(({ check }) => check.name === name);
  expect(rowsOf('postings-sum-to-zero')).toMatchObject({ rows: 8 });
  expect(rowsOf('completed-order-was-paid')).toMatchObject({ rows: 5 });
});

test.each(TAMPERINGS)('%s: exactly that is reported', async (_, statements, expected) => {
  // What is random is asked for before it is gone.
  const ids: Record<string, unknown[]> = {};
  for (const [name, told] of Object.entries(expected)) {
    ids[name] = [];
    for (const one of told) {
      if (!one.startsWith('(')) ids[name].push(one);
      else ids[name].push(...(await books.run(`SELECT id FROM ${one} found`)).map((row) => (row as { id: string }).id));
    }
  }
  for (const statement of statements) await books.run(statement);
  const broken = brokenOf(await books.audit());
  const sorted = (byName: Record<string, unknown[]>) =>
    Object.fromEntries(Object.entries(byName).map(([name, rows]) => [name, [...rows].sort()]));
  expect(sorted(broken)).toEqual(sorted(ids));
});

test('every check has found something once', () => {
  const found = new Set(TAMPERINGS.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...found].sort()).toEqual(CHECKS.map(({ name }) => name).sort());
});

/** Does something between the first look and the second. */
const between = (change: () => Promise<unknown>): Pick<Database, 'snapshot'> => {
  let looks = 0;
  return {
    snapshot: async (work) => {
      if (++looks === 2) await change();
      return books.db.snapshot(work);
    },
  };
};

test('what two schemas disagree on while it is in flight is looked at again, and is not reported once it has settled', async () => {
  await books.run("UPDATE inventory.reservation_outcome SET outcome = 'rolled_back' WHERE reserve_id = 'order-paid'");
  await books.run("UPDATE wallet.payment SET payment_id = 'late' WHERE payment_id = 'order-paid'");
  const db = between(async () => {
    await books.run("UPDATE wallet.payment SET payment_id = 'order-paid' WHERE payment_id = 'late'");
    await books.run("UPDATE inventory.reservation_outcome SET outcome = 'committed' WHERE reserve_id = 'order-paid'");
  });
  expect(brokenOf(await books.audit({ db }))).toEqual({});
});

test('an order that is processing is not held to anything yet', async () => {
  await books.run("UPDATE cart.orders SET status = 'processing'");
  expect(brokenOf(await books.audit())).toEqual({});
});

test('orders that were made before there was a ledger were paid elsewhere', async () => {
  await books.run("UPDATE cart.orders SET total = 100, created_at = '2025-12-31' WHERE order_id = 'order-free'");
  expect(brokenOf(await books.audit())).toEqual({});
});

test('where payments are simulated, orders are not compared with the wallet, and that is said', async () => {
  await books.run("UPDATE cart.orders SET total = 1 WHERE order_id = 'order-free'");
  const results = await books.audit({ paysByWallet: false });
  const skipped = results.flatMap((result) =>
    result.outcome === 'skipped' ? [[result.check.name, result.reason]] : [],
  );
  const reason = 'payments are simulated, so the wallet does not know them';
  expect(skipped).toEqual([
    ['completed-order-was-paid', reason],
    ['failed-order-costs-nothing', reason],
  ]);
  expect(brokenOf(results)).toEqual({});
});

test('checks of a schema that is not there are skipped, and that is said', async () => {
  const results = await books.audit({ schemas: { ...books.schemas, cart: 'no_such_schema' } });
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  expect(new Set(skipped.flatMap(({ check }) => check.reads))).toEqual(new Set(['cart', 'wallet', 'inventory']));
  expect(skipped.every(({ check }) => check.reads.includes('cart'))).toBe(true);
  expect(skipped[0]).toMatchObject({ reason: 'there is no cart schema' });
});

test('where nothing can be read, that is no clean bill', async () => {
  const schemas = { cart: 'no_cart', inventory: 'no_inventory', wallet: 'no_wallet' };
  await expect(books.audit({ schemas })).rejects.toMatchObject({ code: 'NOTHING_TO_CHECK' });
});

test('a table of many pages is looked at to its end; of many broken rows the first are told', async () => {
  const rows = 4_100;
  await books.run(
    `INSERT INTO wallet.transaction SELECT CONCAT('10000000-0000-7000-9000-', LPAD(a.n * 100 + b.n, 12, '0')), 'transfer',
       'completed', '', 'test', NOW(3) FROM JSON_TABLE(?, '$[*]' COLUMNS (n INT PATH '$')) a
       JOIN JSON_TABLE(?, '$[*]' COLUMNS (n INT PATH '$')) b`,
    [
      JSON.stringify(Array.from({ length: rows / 100 }, (_, n) => n)),
      JSON.stringify(Array.from({ length: 100 }, (_, n) => n)),
    ],
  );
  const results = await books.audit();
  const of = (name: string) => results.find(({ check }) => check.name === name);
  expect(of('postings-sum-to-zero')).toMatchObject({ outcome: 'ok', rows: 8 + rows });
  const moved = of('transaction-moved-as-it-says');
  expect(moved).toMatchObject({ outcome: 'broken', rows: 8 + rows });
  expect(moved?.outcome === 'broken' && [moved.broken.length, moved.brokenCount >= 2_000]).toEqual([20, true]);
});

test.each(['wallet.wallet', 'cart.orders', 'inventory.product_details'])(
  'the auditor can not write to %s',
  async (table) => {
    const [schema, name] = table.split('.') as [keyof TestBooks['schemas'], string];
    const write = books.db.write(`DELETE FROM ${books.schemas[schema]}.${name}`);
    await expect(write).rejects.toThrow(/denied/);
  },
);
