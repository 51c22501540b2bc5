import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { cancel, charge, newPayment } from '../test/ask-test-payments';
import {
  testOrigin,
  brokenPromises,
  newAccount,
  newKey,
  startTestWallet,
  type TestWallet,
} from '../test/start-test-wallet';
import { openAccount } from './accounts/open-account';
import { findAccount } from './accounts/read-account';
import { credit, debit } from './transactions/external-transactions';
import { performOperation } from './transactions/perform-operation';
import { transfer } from './transactions/transfer';

let database: TestDatabase;
let replicas: [TestWallet, TestWallet];

beforeAll(async () => {
  database = await createTestDatabase('money_races');
  replicas = await Promise.all([startTestWallet(database), startTestWallet(database)]);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database.drop();
});

const laneOf = (index: number) => replicas[index % 2]!.lane;
const balanceOf = async (accountId: string) => {
  const result = await findAccount(replicas[1].accounts, accountId);
  return result.ok ? result.account.wallet.amount : undefined;
};
const random = (below: number) => Math.floor(Math.random() * below);

describe('at the same time, through two replicas', () => {
  it('200 withdrawals of 1 race for 100: exactly 100 succeed', async () => {
    const { accountId, walletId } = await newAccount(replicas[0], 100n);
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        performOperation(laneOf(index), { walletId, amount: 1n, operationType: 'WITHDRAW', ...testOrigin() }),
      ),
    );
    expect(results.filter((result) => result.ok && result.operation.status === 'SUCCESS')).toHaveLength(100);
    expect(results.filter((result) => !result.ok && result.code === 'INSUFFICIENT_FUNDS')).toHaveLength(100);
    expect(await balanceOf(accountId)).toBe(0n);
  });

  it('400 opposite transfers cause no error and preserve the total', async () => {
    const [left, right] = [await newAccount(replicas[0], 10_000n), await newAccount(replicas[0], 10_000n)];
    const results = await Promise.all(
      Array.from({ length: 400 }, (_, index) => {
        const [from, to] = index % 4 < 2 ? [left, right] : [right, left];
        const amount = BigInt(1 + random(200));
        return transfer(laneOf(index), {
          fromWalletId: from.walletId,
          toWalletId: to.walletId,
          amount,
          ...testOrigin(),
        });
      }),
    );
    for (const result of results) if (!result.ok) expect(result.code).toBe('INSUFFICIENT_FUNDS');
    expect((await balanceOf(left.accountId))! + (await balanceOf(right.accountId))!).toBe(20_000n);
  });

  it('1,000 credits to one wallet all arrive, in a few transactions', async () => {
    const { accountId } = await newAccount(replicas[0]);
    const before = await batchCount();
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => credit(laneOf(index), { accountId, amount: 3n, ...testOrigin() })),
    );
    expect(await balanceOf(accountId)).toBe(3_000n);
    expect((await batchCount()) - before).toBeLessThan(50);
  });

  it('50 accounts with one reference: one is opened, the others are refused', async () => {
    for (let round = 0; round < 5; round++) {
      const reference = randomUUID();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          openAccount(laneOf(index), { name: null, reference, initialBalance: 1n, ...testOrigin() }),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(new Set(results.flatMap((result) => (result.ok ? [] : [result.code])))).toEqual(
        new Set(['REFERENCE_TAKEN']),
      );
    }
  });

  it('random operations between ten accounts cause no error, and the balances match the answers', async () => {
    const references = Array.from({ length: 10 }, () => randomUUID());
    const accounts = await Promise.all(references.map((reference) => newAccount(replicas[0], 5_000n, reference)));
    const expected = new Map(accounts.map(({ accountId }) => [accountId, 5_000n]));
    const addExpected = (accountId: string, amount: bigint) =>
      expected.set(accountId, expected.get(accountId)! + amount);
    const client = async (index: number) => {
      for (let turn = 0; turn < 25; turn++) {
        const [account, otherAccount] = [accounts[random(10)]!, accounts[random(10)]!];
        const amount = BigInt(1 + random(900));
        const key = random(2) ? newKey() : undefined;
        const lane = laneOf(index + turn);
        switch (random(4)) {
          case 0: {
            const result = await credit(lane, { accountId: account.accountId, amount, ...testOrigin(key) });
            if (result.ok) addExpected(account.accountId, amount);
            break;
          }
          case 1: {
            const result = await debit(lane, { accountId: account.accountId, amount, ...testOrigin(key) });
            if (result.ok) addExpected(account.accountId, -amount);
            break;
          }
          case 2: {
            const wallets = { fromWalletId: account.walletId, toWalletId: otherAccount.walletId, amount };
            const result = await transfer(lane, { ...wallets, ...testOrigin(key) });
            if (!result.ok) break;
            addExpected(account.accountId, -amount);
            addExpected(otherAccount.accountId, amount);
            break;
          }
          default: {
            const reference = references[accounts.indexOf(account)]!;
            const payment = newPayment(random(2) ? account : reference, `0.${10 + random(90)}`);
            const replica = replicas[random(2)]!;
            const [state] = await charge(replica, payment);
            const isCancelled = random(2) === 0;
            if (isCancelled) await cancel(replica, payment.paymentId);
            if (state === 'CHARGED' && !isCancelled) addExpected(account.accountId, -BigInt(payment.amount!.slice(2)));
          }
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, index) => client(index)));
    for (const [accountId, balance] of expected) expect(await balanceOf(accountId)).toBe(balance);
    for (const { metrics } of replicas) {
      const { values } = await metrics.getSingleMetric('souk_wallet_operation_duration_seconds')!.get();
      expect(values.filter(({ labels }) => labels['outcome'] === 'error')).toEqual([]);
    }
  }, 60_000);
});

async function batchCount(): Promise<number> {
  const counts = await Promise.all(
    replicas.map(async ({ metrics }) => {
      const { values } = await metrics.getSingleMetric('souk_wallet_batch_commands')!.get();
      return values.find((value) => 'metricName' in value && value.metricName === 'souk_wallet_batch_commands_count')!
        .value;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
