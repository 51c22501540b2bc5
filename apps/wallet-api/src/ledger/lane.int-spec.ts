import type { Database } from '@souk/database';
import type { OutboxEntry, OutboxRelay } from '@souk/messaging';
import { createLogger, createMetrics } from '@souk/service';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { testOrigin, newAccount, newKey, startTestWallet, type TestWallet } from '../../test/start-test-wallet';
import { credit } from '../transactions/external-transactions';
import { createLane } from './lane';
import { createLaneMetrics } from './lane-metrics';

let database: TestDatabase;
let wallet: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('lane');
  wallet = await startTestWallet(database);
});

afterAll(async () => {
  await wallet.stop();
  await database.drop();
});

const logger = createLogger('wallet-api', 'silent');

/** @returns a lane on the wallet's database, and the messages that it hands to the outbox */
function createObservedLane(transaction: Database['transaction']) {
  const published: OutboxEntry[] = [];
  const outbox = { nudge: (entries: OutboxEntry[]) => void published.push(...entries) } as unknown as OutboxRelay;
  const metrics = createLaneMetrics(createMetrics('wallet-api'));
  const db: Database = { ...wallet.db, transaction };
  return { published, lane: createLane({ db, outbox, answerKeptMs: 86_400_000, metrics, logger }) };
}

test('a failure before the commit publishes nothing and leaves the key free', async () => {
  const { accountId } = await newAccount(wallet);
  const failing = createObservedLane((work) =>
    wallet.db.transaction(async (tx) => {
      await work(tx);
      throw new Error('killed');
    }),
  );
  const command = { accountId, amount: 5n, ...testOrigin(newKey()) };
  await expect(credit(failing.lane, command)).rejects.toThrow('killed');
  expect(failing.published).toEqual([]);

  const working = createObservedLane((work) => wallet.db.transaction(work));
  expect(await credit(working.lane, command)).toMatchObject({ ok: true, balance: 5n, isReplay: false });
  expect(working.published).toHaveLength(1);
  expect(await credit(working.lane, command)).toMatchObject({ ok: true, balance: 5n, isReplay: true });
  expect(working.published).toHaveLength(1);
});
