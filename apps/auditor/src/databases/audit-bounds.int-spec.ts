import type { Database } from '@souk/database';
import { brokenOf, startTestBooks, type TestBooks } from '../../test/start-test-books';
import { ADA, id, rewriteBooks } from '../../test/write-test-books';
import { CHECKS } from './checks';
import { chainChecks } from './checks/chain-checks';
import { countChecks } from './checks/count-checks';

let books: TestBooks;

beforeAll(async () => {
  books = await startTestBooks();
});

afterAll(() => books.drop());

beforeEach(() => rewriteBooks(books));

/** Makes a change between the first and the second snapshot. */
const changeBetweenSnapshots = (change: () => Promise<unknown>): Pick<Database, 'snapshot'> => {
  let snapshotCount = 0;
  return {
    snapshot: async (work) => {
      if (++snapshotCount === 2) await change();
      return books.db.snapshot(work);
    },
  };
};

test('in-flight work that two schemas disagree on is checked again and not reported once it has settled', async () => {
  const endReservation = async (outcome: string, pieces: string) => {
    await books.run('UPDATE inventory.reservation_outcome SET outcome = ? WHERE reserve_id = ?', [
      outcome,
      'order-paid',
    ]);
    await books.run(`UPDATE inventory.product_details SET quantity = quantity ${pieces} IF(product_id = 'lamp', 2, 1)`);
  };
  await endReservation('rolled_back', '+');
  await books.run("UPDATE wallet.payment SET payment_id = 'late' WHERE payment_id = 'order-paid'");
  const db = changeBetweenSnapshots(async () => {
    await books.run("UPDATE wallet.payment SET payment_id = 'order-paid' WHERE payment_id = 'late'");
    await endReservation('committed', '-');
  });
  expect(brokenOf(await books.audit({ db }))).toEqual({});
});

test('an order that is processing is not checked yet', async () => {
  await books.run("UPDATE cart.orders SET status = 'processing'");
  expect(brokenOf(await books.audit())).toEqual({});
});

test('orders placed before the ledger existed need no payment in it', async () => {
  await books.run("UPDATE cart.orders SET total = 100, created_at = '2025-12-31' WHERE order_id = 'order-free'");
  expect(brokenOf(await books.audit())).toEqual({});
});

test('if payments are simulated, orders are not compared with the wallet, and the result says so', async () => {
  await books.run("UPDATE cart.orders SET total = 1 WHERE order_id = 'order-free'");
  const results = await books.audit({ paysByWallet: false });
  const skipped = results.flatMap((result) =>
    result.outcome === 'skipped' ? [[result.check.name, result.reason]] : [],
  );
  const reason = 'payments are simulated, so they are not in the wallet';
  expect(skipped).toEqual([
    ['payment-has-its-order', reason],
    ['completed-order-was-paid', reason],
    ['failed-order-costs-nothing', reason],
  ]);
  expect(brokenOf(results)).toEqual({});
});

test('checks of a missing schema are skipped, and the result says so', async () => {
  const results = await books.audit({ schemas: { ...books.schemas, cart: 'no_such_schema' } });
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  expect(new Set(skipped.flatMap(({ check }) => check.reads))).toEqual(new Set(['cart', 'wallet', 'inventory']));
  expect(skipped.every(({ check }) => check.reads.includes('cart'))).toBe(true);
  expect(skipped[0]).toMatchObject({ reason: 'there is no cart schema' });
});

test('without a monitoring schema, everything else is checked, and the result says so', async () => {
  const results = await books.audit({ schemas: { ...books.schemas, monitoring: 'no_monitoring' } });
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped.map(({ check }) => check)).toEqual(CHECKS.filter(({ reads }) => reads.includes('monitoring')));
  for (const result of skipped) expect(result).toMatchObject({ reason: 'there is no monitoring schema' });
  expect(results).toHaveLength(CHECKS.length);
  expect(brokenOf(results)).toEqual({});
});

test('all hours are checked, one day at a time', async () => {
  await books.run(
    `INSERT INTO monitoring.analytics_hour SELECT '2020-01-01' + INTERVAL n HOUR, 'deposit', 'completed', '', 'USD', 0, 0
       FROM ${numbersFrom0(100)}`,
  );
  await books.run(
    "UPDATE monitoring.analytics_hour SET volume = 1 WHERE hour IN ('2020-01-01 23:00', '2020-01-05 03:00')",
  );
  expect(brokenOf(await books.audit({ checks: countChecks }))).toEqual({
    'hours-as-the-ledger-says': ['2020-01-01 23:00:00', '2020-01-05 03:00:00'],
  });
});

test('the audit fails if no schema can be read', async () => {
  const schemas = { cart: 'no_cart', inventory: 'no_inventory', wallet: 'no_wallet', monitoring: 'no_monitoring' };
  await expect(books.audit({ schemas })).rejects.toMatchObject({ code: 'NOTHING_TO_CHECK' });
});

/** SQL for `count` numbers from 0 up, as column `n`. */
const numbersFrom0 = (count: number) =>
  `(SELECT a.n * 100 + b.n AS n FROM ${['a', 'b']
    .map((name, index) => {
      const list = JSON.stringify(Array.from({ length: index === 0 ? count / 100 : 100 }, (_, n) => n));
      return `JSON_TABLE('${list}', '$[*]' COLUMNS (n INT PATH '$')) ${name}`;
    })
    .join(' JOIN ')}) numbers`;

test('a table of many pages is checked to its end; the first of many broken rows are reported', async () => {
  const rows = 4_100;
  await books.run(
    `INSERT INTO wallet.transaction SELECT CONCAT('10000000-0000-7000-9000-', LPAD(n, 12, '0')), 'transfer', 'completed', '',
       'test', NOW(3) FROM ${numbersFrom0(rows)}`,
  );
  const results = await books.audit();
  const resultOf = (name: string) => results.find(({ check }) => check.name === name);
  expect(resultOf('postings-sum-to-zero')).toMatchObject({ outcome: 'ok', rows: 8 + rows });
  const moved = resultOf('transaction-moved-as-it-says');
  expect(moved).toMatchObject({ outcome: 'broken', rows: 8 + rows });
  expect(moved?.outcome === 'broken' && [moved.broken.length, moved.brokenCount >= 2_000]).toEqual([20, true]);
});

test('a chain of balances is followed across pages, and each posting is checked once', async () => {
  const posting = (number: number) => `20000000-0000-7000-9000-${String(number).padStart(12, '0')}`;
  await books.run(
    `INSERT INTO wallet.posting (id, transaction_id, wallet_id, amount, currency, balance_after, sequence, created_at)
     SELECT CONCAT('20000000-0000-7000-9000-', LPAD(n, 12, '0')), '${ADA}', '${id(50)}', 1, 'USD', n + 1, n + 1, NOW(3)
       FROM ${numbersFrom0(4_100)}`,
  );
  const chain = async () => {
    const results = await books.audit({ checks: chainChecks });
    return { rows: results.flatMap((result) => ('rows' in result ? [result.rows] : [])), broken: brokenOf(results) };
  };
  expect(await chain()).toEqual({ rows: [4_110, 4_110], broken: {} });
  // In a run of balances off by the same amount, only the first and the one after the run break the chain.
  const broken = [0, 1_000, 1_990, 1_991, 1_992, 4_099];
  await books.run('UPDATE wallet.posting SET balance_after = balance_after + 7 WHERE id IN (?)', [broken.map(posting)]);
  const expected = [0, 1, 1_000, 1_001, 1_990, 1_993, 4_099].map(posting);
  expect((await chain()).broken).toEqual({ 'balance-after-chain': expected });
});

test('checks that need a column of a later migration are skipped until it has run, and the result says so', async () => {
  await books.run('ALTER TABLE wallet.posting DROP COLUMN withdrawal_id');
  try {
    const results = await books.audit();
    expect(results.filter(({ outcome }) => outcome !== 'ok')).toMatchObject([
      {
        check: { name: 'posting-names-its-purpose' },
        outcome: 'skipped',
        reason: expect.stringMatching(
          /^the wallet schema has not been migrated to this release yet: Unknown column 'p.withdrawal_id'/,
        ) as string,
      },
    ]);
  } finally {
    await books.run('ALTER TABLE wallet.posting ADD COLUMN withdrawal_id VARCHAR(100) NULL');
  }
});

test.each(['wallet.wallet', 'cart.orders', 'inventory.product_details'])(
  'the auditor cannot write to %s',
  async (table) => {
    const [schema, name] = table.split('.') as [keyof TestBooks['schemas'], string];
    const write = books.db.write(`DELETE FROM ${books.schemas[schema]}.${name}`);
    await expect(write).rejects.toHaveProperty('cause.message', expect.stringContaining('denied'));
  },
);
