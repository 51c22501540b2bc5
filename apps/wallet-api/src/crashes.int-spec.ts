import { AppError } from '@souk/service';
import { createTestDatabase, eventually, setTestSession, type TestDatabase } from '@souk/testing';
import mysql, { type Connection } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
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

let database: TestDatabase;
let replicaA: TestWallet;
let replicaB: TestWallet;
/** Acts as a replica that stalls halfway: it holds locks until the test rolls back. */
let stalledReplica: Connection;

beforeAll(async () => {
  database = await createTestDatabase('wallet_crashes');
  [replicaA, replicaB] = await Promise.all([startTestWallet(database), startTestWallet(database)]);
  stalledReplica = await mysql.createConnection(database.url);
  await setTestSession(stalledReplica);
  await stalledReplica.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});

afterAll(async () => {
  stalledReplica.destroy();
  await Promise.all([replicaA.stop(), replicaB.stop()]);
  await database.drop();
});

const balanceOf = async (accountId: string) => {
  // A killed connection stays in the pool until its next use fails.
  const result = await eventually(() => findAccount(replicaB.accounts, accountId));
  return result.ok ? result.account.wallet.amount : undefined;
};
const rerunsOf = async ({ metrics }: TestWallet, reason: string) => {
  const metric = await metrics.getSingleMetric('souk_wallet_batch_reruns_total')!.get();
  return metric.values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;
};

/** Resolves once a replica is waiting for a lock. */
const waitUntilBlocked = () =>
  eventually(async () => {
    // The engine refreshes INNODB_TRX only if it hasn't been read for 100 ms.
    await delay(120);
    const waiting = await database.rows(
      `SELECT 1 FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
        WHERE t.trx_state = 'LOCK WAIT' AND p.DB = DATABASE()`,
    );
    if (waiting.length === 0) throw new Error('no replica is waiting for a lock');
  }, 4_000);

describe('two replicas at the same moment', () => {
  it('decide a payment once: a charge that reads first but writes last finds the payment cancelled', async () => {
    const reference = randomUUID();
    const { accountId, walletId } = await newAccount(replicaA, 500n, reference);
    const before = await rerunsOf(replicaA, 'duplicate_key');
    const paymentId = randomUUID();
    // The charge finds the payment unknown and waits for the wallet.
    await stalledReplica.beginTransaction();
    await stalledReplica.query('SELECT 1 FROM wallet WHERE id = ? FOR UPDATE', [walletId]);
    const charged = replicaA.payments.charge({
      payments: [{ paymentId, payerReference: reference, payeeReference: 'merchant', amount: '5' }],
    });
    await waitUntilBlocked();
    expect((await replicaB.payments.cancel({ paymentIds: [paymentId] })).results[0]!.state).toBe(
      'PAYMENT_STATE_CANCELLED',
    );
    await stalledReplica.rollback();
    expect((await charged).results[0]!.state).toBe('PAYMENT_STATE_CANCELLED');
    expect(await rerunsOf(replicaA, 'duplicate_key')).toBe(before + 1);
    expect(await balanceOf(accountId)).toBe(500n);
    expect(await brokenPromises(database)).toEqual({});
  });

  it('open a reference once: an account whose reference is taken while it waits is refused', async () => {
    const reference = randomUUID();
    const { accountId, walletId } = await newAccount(replicaA);
    const before = await rerunsOf(replicaA, 'duplicate_key');
    await stalledReplica.beginTransaction();
    await stalledReplica.query('SELECT 1 FROM wallet WHERE id = ? FOR UPDATE', [walletId]);
    // Both are in one batch, so the new account waits for the lock of the wallet.
    const crediting = credit(replicaA.lane, { accountId, amount: 1n, ...testOrigin() });
    const opening = openAccount(replicaA.lane, { name: null, reference, initialBalance: 0n, ...testOrigin() });
    await waitUntilBlocked();
    await newAccount(replicaB, 0n, reference);
    await stalledReplica.rollback();
    expect(await opening).toMatchObject({ code: 'REFERENCE_TAKEN' });
    expect(await crediting).toMatchObject({ ok: true });
    expect(await rerunsOf(replicaA, 'duplicate_key')).toBe(before + 1);
    expect(await brokenPromises(database)).toEqual({});
  });

  it('wait for the lock of a wallet without running a batch again', async () => {
    const { accountId } = await newAccount(replicaA);
    const before = [await rerunsOf(replicaA, 'duplicate_key'), await rerunsOf(replicaB, 'duplicate_key')];
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        for (let turn = 0; turn < 5; turn++)
          await credit((index % 2 ? replicaA : replicaB).lane, { accountId, amount: 1n, ...testOrigin() });
      }),
    );
    expect(await balanceOf(accountId)).toBe(200n);
    expect([await rerunsOf(replicaA, 'duplicate_key'), await rerunsOf(replicaB, 'duplicate_key')]).toEqual(before);
  });
});

describe('connections killed at any moment', () => {
  let answered = 0;

  /** Keeps killing the replicas' connections. @returns a function that stops it and returns how many were in a transaction */
  function killConnections() {
    let isStopped = false;
    let interrupted = 0;
    let answeredBefore = -1;
    const killLoop = (async () => {
      while (!isStopped) {
        await delay(50 + Math.random() * 100);
        // Lets even a slow machine make progress between two interruptions.
        if (answered === answeredBefore) continue;
        answeredBefore = answered;
        const connections = await database.rows<{ id: number; isInTransaction: number }>(
          `SELECT p.ID AS id, t.trx_id IS NOT NULL AS isInTransaction
             FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
            WHERE p.DB = DATABASE() AND p.ID NOT IN (CONNECTION_ID(), ?)`,
          [stalledReplica.threadId],
        );
        for (const { id, isInTransaction } of connections) {
          await database.rows('KILL ?', [id]).catch(() => undefined);
          interrupted += isInTransaction;
        }
      }
    })();
    return async () => {
      isStopped = true;
      await killLoop;
      return interrupted;
    };
  }

  /** Acts as a patient client: repeats the same request with the same key until it is answered. */
  async function retryUntilAnswered<T>(request: () => Promise<T>): Promise<T> {
    return eventually(async () => {
      try {
        const answer = await request();
        answered++;
        return answer;
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) expect(error).toBeUndefined();
        throw error;
      }
    }, 20_000);
  }

  it('leave each operation done exactly once and nothing half done', async () => {
    const { accountId } = await newAccount(replicaA, 1_000_000n);
    const reference = randomUUID();
    const payer = await newAccount(replicaA, 1_000_000n, reference);
    let expected = 1_000_000n;
    let paidAmount = 0n;
    let interruptedCount: number;
    const stop = killConnections();
    try {
      await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          for (let turn = 0; turn < 6; turn++) {
            const wallet = (index + turn) % 2 ? replicaA : replicaB;
            const amount = BigInt(1 + Math.floor(Math.random() * 50));
            const key = newKey();
            const move = turn % 2 ? credit : debit;
            const result = await retryUntilAnswered(() => move(wallet.lane, { accountId, amount, ...testOrigin(key) }));
            expect(result.ok).toBe(true);
            expected += turn % 2 ? amount : -amount;
            const payment = newPayment(index % 2 ? payer : reference, '0.07');
            await retryUntilAnswered(() => charge(wallet, payment));
            if (turn % 3) paidAmount += 7n;
            else await retryUntilAnswered(() => cancel(wallet, payment.paymentId));
          }
        }),
      );
    } finally {
      interruptedCount = await stop();
    }
    expect(interruptedCount).toBeGreaterThan(0);
    expect(await balanceOf(accountId)).toBe(expected);
    expect(await balanceOf(payer.accountId)).toBe(1_000_000n - paidAmount);
    expect(await brokenPromises(database)).toEqual({});
  }, 90_000);
});
