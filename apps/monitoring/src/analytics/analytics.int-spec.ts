import { TRANSACTION_TYPES } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import fc from 'fast-check';
import { eventsOf, type TestTransaction } from '../../test/analytics/test-events';
import type { AccountEvent } from '../consumer';
import { analytics as migration } from '../migrations/0004-analytics';
import { createAnalytics } from './analytics';

const analytics = createAnalytics();
const HOUR_MS = 3_600_000;
const BEGIN_MS = Date.parse('2026-01-31T22:00:00Z');

let schema: TestDatabase;
let replicas: Database[];

beforeAll(async () => {
  schema = await createTestDatabase('analytics');
  await migrate(schema.url, [migration]);
  const options = { url: schema.url, poolSize: 4, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 };
  replicas = [createDatabase(options), createDatabase(options)];
});

afterAll(async () => {
  for (const replica of replicas) await replica.close();
  await schema.drop();
});

const apply = (batch: readonly AccountEvent[], db = replicas[0]!) =>
  db.transaction((tx) => analytics.apply(tx, batch, 0));
const forget = () => replicas[0]!.transaction((tx) => analytics.forget(tx));

type Sums = Record<string, Record<string, bigint>>;

/** The rows of both tables, by key. */
async function readSums(): Promise<Sums> {
  const hours = await schema.rows<Record<string, string>>(
    `SELECT CONCAT_WS(' ', DATE_FORMAT(hour, '%Y-%m-%dT%H'), type, status, reason, currency) AS id, transactions, volume
       FROM analytics_hour`,
  );
  const accountHours = await schema.rows<Record<string, string>>(
    `SELECT CONCAT_WS(' ', DATE_FORMAT(hour, '%Y-%m-%dT%H'), account_id, currency) AS id, transactions,
            volume_in, volume_out, failed FROM analytics_account_hour`,
  );
  const toEntry = ({ id, ...columns }: Record<string, string>) =>
    [id!, Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, BigInt(value)]))] as const;
  return Object.fromEntries([...hours, ...accountHours].map(toEntry));
}

/** The expected rows: the transactions added up one by one. */
function expectedSums(transactions: readonly TestTransaction[]): Sums {
  const sums: Sums = {};
  const add = (id: string, figures: Record<string, bigint>) => {
    const sum = (sums[id] ??= Object.fromEntries(Object.keys(figures).map((name) => [name, 0n])));
    for (const [name, figure] of Object.entries(figures)) sum[name]! += figure;
  };
  for (const { type, reason, accounts, amount, at } of transactions) {
    const hour = at.toISOString().slice(0, '2026-01-31T22'.length);
    const failed = reason === '' ? 0n : 1n;
    const moved = reason === '' ? amount : 0n;
    const status = reason === '' ? 'completed' : 'failed';
    add(`${hour} ${type} ${status} ${reason} USD`, { transactions: 1n, volume: amount });
    const { from, to } = accounts;
    if (from) add(`${hour} ${from} USD`, { transactions: 1n, volume_in: 0n, volume_out: moved, failed });
    if (to) add(`${hour} ${to} USD`, { transactions: 1n, volume_in: moved, volume_out: 0n, failed });
  }
  return sums;
}

const ACCOUNTS = Array.from({ length: 6 }, (_, number) => `account-${number}`);

const anyTransaction: fc.Arbitrary<TestTransaction> = fc.record({
  type: fc.constantFrom(...TRANSACTION_TYPES),
  reason: fc.constantFrom('', '', 'INSUFFICIENT_FUNDS', 'BALANCE_LIMIT'),
  accounts: fc
    .tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom(undefined, ...ACCOUNTS), fc.boolean())
    .map(([account, drawn, isPayer]) => {
      const counterparty = drawn === account ? undefined : drawn;
      return isPayer ? { from: account, to: counterparty } : { from: counterparty, to: account };
    }),
  amount: fc.oneof(fc.bigInt(1n, 100_000n), fc.bigInt(1n, 8_999_999_999_999_999_991n)),
  at: fc.integer({ min: 0, max: 3 * HOUR_MS }).map((ms) => new Date(BEGIN_MS + ms)),
});

/** Splits events into batches of the given sizes. `picks` chooses the account of each next event. */
function inBatches(
  events: ReadonlyMap<string, readonly AccountEvent[]>,
  picks: readonly number[],
  sizes: readonly number[],
) {
  const remaining = [...events.values()].map((accountEvents) => [...accountEvents]);
  const batches: AccountEvent[][] = [];
  let batch: AccountEvent[] = [];
  for (let turn = 0; remaining.length > 0; turn++) {
    const account = picks[turn % picks.length]! % remaining.length;
    batch.push(remaining[account]!.shift()!);
    if (remaining[account]!.length === 0) remaining.splice(account, 1);
    if (batch.length < sizes[batches.length % sizes.length]! && remaining.length > 0) continue;
    batches.push(batch);
    batch = [];
  }
  return batches;
}

test('however events are interleaved and batched, sums match the transactions, also after they are forgotten and reapplied', async () => {
  const property = fc.asyncProperty(
    fc.array(anyTransaction, { maxLength: 60, size: 'max' }),
    fc.array(fc.nat(100), { minLength: 1 }),
    fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }),
    async (transactions, picks, sizes) => {
      const expected = expectedSums(transactions);
      const events = eventsOf(transactions);
      await forget();
      expect(await readSums()).toEqual({});
      for (const batch of inBatches(events, picks, sizes)) await apply(batch);
      expect(await readSums()).toEqual(expected);
      await forget();
      await apply([...events.values()].flat());
      expect(await readSums()).toEqual(expected);
    },
  );
  await fc.assert(property, { numRuns: 20 });
}, 120_000);

test('sums can exceed 64 bits, even those of refused transactions', async () => {
  await forget();
  const huge = 10n ** 38n - 1n;
  const transactions = Array.from({ length: 30 }, (): TestTransaction => ({
    ...{ type: 'charge', reason: 'INSUFFICIENT_FUNDS', accounts: { from: 'a', to: 'b' }, amount: huge },
    at: new Date(BEGIN_MS),
  }));
  await apply([...eventsOf(transactions).values()].flat());
  expect((await readSums())['2026-01-31T22 charge failed INSUFFICIENT_FUNDS USD']).toEqual({
    transactions: 30n,
    volume: 30n * huge,
  });
});

test('a rollback leaves no sums behind', async () => {
  await forget();
  const [[, events] = []] = eventsOf(fc.sample(anyTransaction, 1));
  const work = replicas[0]!.transaction(async (tx) => {
    await analytics.apply(tx, events!, 0);
    throw new Error('killed');
  });
  await expect(work).rejects.toThrow('killed');
  expect(await readSums()).toEqual({});
});

test('replicas applying events of different accounts concurrently get correct sums and never deadlock', async () => {
  await forget();
  const transactions = fc.sample(anyTransaction, 1_500);
  const events = [...eventsOf(transactions)];
  // The events of an account are applied one batch after another, as the lock on its progress enforces. All batches share the hours.
  let [batches, attempts] = [0, 0];
  const lanes = events.map(async ([, accountEvents], lane) => {
    for (; accountEvents.length > 0; batches++) {
      const batch = accountEvents.splice(0, 20);
      await replicas[lane % 2]!.transaction((tx) => {
        attempts += 1;
        return analytics.apply(tx, batch, 0);
      });
    }
  });
  await Promise.all(lanes);
  expect(await readSums()).toEqual(expectedSums(transactions));
  expect(attempts).toBe(batches);
});
