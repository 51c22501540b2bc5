import { purge } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import {
  testOrigin,
  brokenPromises,
  newAccount,
  newKey,
  newKeyId,
  startTestWallet,
  type TestWallet,
} from '../test/start-test-wallet';
import { openAccount } from './accounts/open-account';
import { findAccount } from './accounts/read-account';
import type { IdempotencyKey } from './ledger/idempotency';
import { credit, debit } from './transactions/external-transactions';
import { performOperation } from './transactions/perform-operation';
import { transfer } from './transactions/transfer';

let database: TestDatabase;
let replicaA: TestWallet;
let replicaB: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('keys');
  [replicaA, replicaB] = await Promise.all([startTestWallet(database), startTestWallet(database)]);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await Promise.all([replicaA.stop(), replicaB.stop()]);
  await database.drop();
});

const balanceOf = async (accountId: string) => {
  const result = await findAccount(replicaB.accounts, accountId);
  return result.ok ? result.account.wallet.amount : undefined;
};
const ageKeys = (days: number) =>
  database.rows('UPDATE idempotency SET created_at = NOW(3) - INTERVAL ? SECOND', [days * 86_400]);

describe('a repeated key', () => {
  it('returns the complete first result, from any replica, and has no second effect', async () => {
    const { accountId, walletId } = await newAccount(replicaA, 100n);
    const { walletId: to } = await newAccount(replicaA);
    const commands = [
      (replica: TestWallet, key: IdempotencyKey) => credit(replica.lane, { accountId, amount: 5n, ...testOrigin(key) }),
      (replica: TestWallet, key: IdempotencyKey) => debit(replica.lane, { accountId, amount: 5n, ...testOrigin(key) }),
      (replica: TestWallet, key: IdempotencyKey) =>
        performOperation(replica.lane, { walletId, amount: 5n, operationType: 'DEPOSIT', ...testOrigin(key) }),
      (replica: TestWallet, key: IdempotencyKey) =>
        transfer(replica.lane, { fromWalletId: walletId, toWalletId: to, amount: 5n, ...testOrigin(key) }),
      (replica: TestWallet, key: IdempotencyKey) =>
        openAccount(replica.lane, { name: 'Ann', reference: randomUUID(), initialBalance: 7n, ...testOrigin(key) }),
    ];
    for (const command of commands) {
      const key = newKey();
      const first = await command(replicaA, key);
      expect(first).toMatchObject({ ok: true, isReplay: false });
      expect(await command(replicaB, key)).toEqual({ ...first, isReplay: true });
    }
    expect(await balanceOf(accountId)).toBe(100n);
  });

  it('replays a refusal too, even if the command would succeed by now', async () => {
    const { accountId } = await newAccount(replicaA, 10n);
    const key = newKey();
    const command = { accountId, amount: 11n, ...testOrigin(key) };
    const refused = await debit(replicaA.lane, command);
    expect(refused).toMatchObject({ ok: false, code: 'INSUFFICIENT_FUNDS', isReplay: false });
    await credit(replicaA.lane, { accountId, amount: 100n, ...testOrigin() });
    expect(await debit(replicaB.lane, command)).toEqual({ ...refused, isReplay: true });
    expect(await balanceOf(accountId)).toBe(110n);
  });

  it('with another body is refused', async () => {
    const { accountId } = await newAccount(replicaA);
    const key = newKey();
    await credit(replicaA.lane, { accountId, amount: 5n, ...testOrigin(key) });
    const altered = { accountId, amount: 6n, ...testOrigin({ ...key, fingerprint: 'other' }) };
    expect(await credit(replicaB.lane, altered)).toEqual({ ok: false, code: 'IDEMPOTENCY_MISMATCH', isReplay: false });
    expect(await balanceOf(accountId)).toBe(5n);
  });

  it('joins the first request while that is still running: 200 keys, each sent to two replicas at once, twice to each', async () => {
    const { accountId } = await newAccount(replicaA);
    const keys = Array.from({ length: 200 }, () => newKey());
    const results = await Promise.all(
      keys.flatMap((key) =>
        [replicaA, replicaB, replicaB, replicaA].map(({ lane }) =>
          credit(lane, { accountId, amount: 1n, ...testOrigin(key) }),
        ),
      ),
    );
    for (let index = 0; index < results.length; index += 4) {
      const resultsOfKey = results.slice(index, index + 4);
      expect(resultsOfKey.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
      expect(new Set(resultsOfKey.map((result) => result.ok && result.transaction.id)).size).toBe(1);
    }
    expect(await balanceOf(accountId)).toBe(200n);
  });

  it('with another body in the same batch is refused, whichever comes first', async () => {
    const { accountId } = await newAccount(replicaA);
    const key = newKey();
    const bodies = ['body', 'other', 'body'];
    const results = await Promise.all(
      bodies.map((fingerprint) =>
        credit(replicaA.lane, { accountId, amount: 1n, ...testOrigin({ ...key, fingerprint }) }),
      ),
    );
    expect(results.map((result) => (result.ok ? result.isReplay : result.code))).toEqual([
      false,
      'IDEMPOTENCY_MISMATCH',
      true,
    ]);
  });

  it('is stored with the body of the first request in its batch', async () => {
    const { accountId } = await newAccount(replicaA);
    const [key, blocker] = [newKey(), newKey()];
    const post = (lane: TestWallet['lane'], fingerprint: string) =>
      credit(lane, { accountId, amount: 1n, ...testOrigin({ ...key, fingerprint }) });
    // The blocker's transaction runs alone; the other two form the next batch.
    await Promise.all([
      credit(replicaA.lane, { accountId, amount: 1n, ...testOrigin(blocker) }),
      post(replicaA.lane, 'body'),
      post(replicaA.lane, 'other'),
    ]);
    expect(await post(replicaB.lane, 'body')).toMatchObject({ ok: true, isReplay: true });
    expect(await post(replicaB.lane, 'other')).toMatchObject({ ok: false, code: 'IDEMPOTENCY_MISMATCH' });
  });
});

describe('an old key', () => {
  it('is replayed for a day, refused for 30 more days, and then forgotten', async () => {
    const { accountId } = await newAccount(replicaA);
    const command = { accountId, amount: 1n, ...testOrigin(newKey()) };
    const repeat = () => credit(replicaB.lane, command);
    await credit(replicaA.lane, command);
    await ageKeys(0.99);
    expect(await repeat()).toMatchObject({ ok: true, isReplay: true });
    await ageKeys(1.01);
    expect(await repeat()).toEqual({ ok: false, code: 'IDEMPOTENCY_EXPIRED', isReplay: false });
    await ageKeys(30.9);
    expect(await purge(replicaA.db, 'idempotency', 31 * 24)).toBe(0);
    expect(await repeat()).toMatchObject({ code: 'IDEMPOTENCY_EXPIRED' });
    await ageKeys(31.1);
    expect(await purge(replicaA.db, 'idempotency', 31 * 24)).toBeGreaterThan(0);
    expect(await database.rows('SELECT id FROM idempotency')).toEqual([]);
    expect(await balanceOf(accountId)).toBe(1n);
  });
});

/** A replica of an earlier release knows only one id of the key and leaves `scope_id` empty. */
describe('a key shared with replicas of an earlier release', () => {
  const keyOfEarlierRelease = ({ earlierIds, fingerprint }: IdempotencyKey, index = 0): IdempotencyKey =>
    newKey({ id: earlierIds[index]!, earlierIds: [], fingerprint });
  const keyWithTwoEarlierIds = () => newKey({ earlierIds: [newKeyId(), newKeyId()] });

  it.each([0, 1])('replays a result that was stored under earlier id %i, under each of its ids', async (index) => {
    const { accountId } = await newAccount(replicaA);
    const key = keyWithTwoEarlierIds();
    const command = { accountId, amount: 5n };
    const first = await credit(replicaA.lane, { ...command, ...testOrigin(keyOfEarlierRelease(key, index)) });
    for (const usedKey of [key, key, keyOfEarlierRelease(key, 0), keyOfEarlierRelease(key, 1)])
      expect(await credit(replicaB.lane, { ...command, ...testOrigin(usedKey) })).toEqual({ ...first, isReplay: true });
    expect(await balanceOf(accountId)).toBe(5n);
  });

  it('also replays the outcomes of this release under the earlier ids, including refusals', async () => {
    const { accountId } = await newAccount(replicaA);
    for (const [move, expected] of [
      [credit, { ok: true, isReplay: true }],
      [debit, { code: 'INSUFFICIENT_FUNDS', isReplay: true }],
    ] as const) {
      const key = keyWithTwoEarlierIds();
      const command = { accountId, amount: 5n };
      const first = await move(replicaA.lane, { ...command, ...testOrigin(key) });
      for (const index of [0, 1]) {
        const replayed = await move(replicaB.lane, { ...command, ...testOrigin(keyOfEarlierRelease(key, index)) });
        expect(replayed).toEqual({ ...first, isReplay: true });
        expect(replayed).toMatchObject(expected);
      }
      await debit(replicaA.lane, { ...command, ...testOrigin() });
    }
    expect(await balanceOf(accountId)).toBe(0n);
  });

  it('has one effect if both releases apply it at once, whichever is first', async () => {
    const { accountId } = await newAccount(replicaA);
    const keys = Array.from({ length: 200 }, keyWithTwoEarlierIds);
    const results = await Promise.all(
      keys.flatMap((key, turn) => {
        const forms = [key, keyOfEarlierRelease(key, turn % 2), key, keyOfEarlierRelease(key, turn % 2)];
        return (turn % 3 ? forms : forms.reverse()).map((form, index) =>
          credit((index % 2 ? replicaB : replicaA).lane, { accountId, amount: 1n, ...testOrigin(form) }),
        );
      }),
    );
    for (let index = 0; index < results.length; index += 4) {
      const resultsOfKey = results.slice(index, index + 4);
      expect(resultsOfKey.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
      expect(new Set(resultsOfKey.map((result) => result.ok && result.transaction.id)).size).toBe(1);
    }
    expect(await balanceOf(accountId)).toBe(200n);
  });

  it('with another body is refused', async () => {
    const { accountId } = await newAccount(replicaA);
    const key = newKey();
    await credit(replicaA.lane, { accountId, amount: 5n, ...testOrigin(keyOfEarlierRelease(key)) });
    const altered = { accountId, amount: 6n, ...testOrigin({ ...key, fingerprint: 'other' }) };
    for (let attempt = 1; attempt <= 2; attempt++)
      expect(await credit(replicaB.lane, altered)).toMatchObject({ ok: false, code: 'IDEMPOTENCY_MISMATCH' });
    expect(await balanceOf(accountId)).toBe(5n);
  });

  it('expires when the first result does, however often it was replayed', async () => {
    const { accountId } = await newAccount(replicaA);
    const key = newKey();
    const repeat = (form: IdempotencyKey) => credit(replicaB.lane, { accountId, amount: 1n, ...testOrigin(form) });
    await credit(replicaA.lane, { accountId, amount: 1n, ...testOrigin(keyOfEarlierRelease(key)) });
    await ageKeys(0.99);
    expect(await repeat(key)).toMatchObject({ ok: true, isReplay: true });
    await database.rows('UPDATE idempotency SET created_at = created_at - INTERVAL 1 HOUR');
    for (let attempt = 1; attempt <= 2; attempt++)
      expect(await repeat(key)).toEqual({ ok: false, code: 'IDEMPOTENCY_EXPIRED', isReplay: false });
    expect(await balanceOf(accountId)).toBe(1n);
  });

  it('is not replayed for another request that shares the earlier id, in the same batch or later', async () => {
    const { accountId } = await newAccount(replicaA);
    const earlierIds = [newKeyId()];
    const keys = Array.from({ length: 6 }, () => newKey({ earlierIds }));
    const results = await Promise.all(
      keys.slice(0, 4).map((key) => credit(replicaA.lane, { accountId, amount: 1n, ...testOrigin(key) })),
    );
    for (const key of keys.slice(4))
      results.push(await credit(replicaB.lane, { accountId, amount: 1n, ...testOrigin(key) }));
    expect(results.map(({ isReplay }) => isReplay)).toEqual(Array(6).fill(false));
    for (const [index, key] of keys.entries()) {
      const replayed = await credit(replicaB.lane, { accountId, amount: 1n, ...testOrigin(key) });
      expect(replayed).toEqual({ ...results[index], isReplay: true });
    }
    expect(await balanceOf(accountId)).toBe(6n);
  });
});
