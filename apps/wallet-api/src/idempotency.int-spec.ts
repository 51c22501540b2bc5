import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { findAccount } from './find-account';
import { purgeKeys, type IdempotencyKey } from './ledger/idempotency';
import { credit, debit } from './move-cash';
import { openAccount } from './open-account';
import { operate } from './operate';
import { asked, brokenPromises, newAccount, startTestWallet, type TestWallet } from './start-test-wallet';
import { transfer } from './transfer';

let database: TestDatabase;
let one: TestWallet;
let other: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('keys');
  [one, other] = await Promise.all([startTestWallet(database), startTestWallet(database)]);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
  await database.drop();
});

const newKey = (more: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  caller: 'ann',
  route: 'POST /transactions/credit',
  key: randomUUID(),
  fingerprint: 'body',
  ...more,
});
const balanceOf = async (accountId: string) => {
  const found = await findAccount(other.accounts, accountId);
  return found.ok ? found.account.wallet.amount : undefined;
};
const age = (days: number) =>
  database.rows('UPDATE idempotency SET created_at = NOW(3) - INTERVAL ? SECOND', [days * 86_400]);

describe('a repeated key', () => {
  it('gets the first result again, whole, from any replica, and has no second effect', async () => {
    const { accountId, walletId } = await newAccount(one, 100n);
    const { walletId: to } = await newAccount(one);
    const commands = [
      (at: TestWallet, key: IdempotencyKey) => credit(at.lane, { accountId, amount: 5n, ...asked(key) }),
      (at: TestWallet, key: IdempotencyKey) => debit(at.lane, { accountId, amount: 5n, ...asked(key) }),
      (at: TestWallet, key: IdempotencyKey) =>
        operate(at.lane, { walletId, amount: 5n, operationType: 'DEPOSIT', ...asked(key) }),
      (at: TestWallet, key: IdempotencyKey) =>
        transfer(at.lane, { fromWalletId: walletId, toWalletId: to, amount: 5n, ...asked(key) }),
      (at: TestWallet, key: IdempotencyKey) =>
        openAccount(at.lane, { name: 'Ann', reference: `r ${key.key}`, initialBalance: 7n, ...asked(key) }),
    ];
    for (const command of commands) {
      const key = newKey();
      const first = await command(one, key);
      expect(first).toMatchObject({ ok: true, isReplay: false });
      expect(await command(other, key)).toEqual({ ...first, isReplay: true });
    }
    expect(await balanceOf(accountId)).toBe(100n);
  });

  it('replays a refusal too, also when it would succeed by now', async () => {
    const { accountId } = await newAccount(one, 10n);
    const key = newKey();
    const command = { accountId, amount: 11n, ...asked(key) };
    const refused = await debit(one.lane, command);
    expect(refused).toMatchObject({ ok: false, code: 'INSUFFICIENT_FUNDS', isReplay: false });
    await credit(one.lane, { accountId, amount: 100n, ...asked() });
    expect(await debit(other.lane, command)).toEqual({ ...refused, isReplay: true });
    expect(await balanceOf(accountId)).toBe(110n);
  });

  it('with another body is refused', async () => {
    const { accountId } = await newAccount(one);
    const key = newKey();
    await credit(one.lane, { accountId, amount: 5n, ...asked(key) });
    const altered = { accountId, amount: 6n, ...asked({ ...key, fingerprint: 'other' }) };
    expect(await credit(other.lane, altered)).toEqual({ ok: false, code: 'IDEMPOTENCY_MISMATCH', isReplay: false });
    expect(await balanceOf(accountId)).toBe(5n);
  });

  it('is another key for another caller or route', async () => {
    const { accountId } = await newAccount(one);
    const key = newKey();
    for (const each of [key, { ...key, caller: 'bob' }, { ...key, route: 'POST /transfers' }]) {
      const result = await credit(one.lane, { accountId, amount: 1n, ...asked(each) });
      expect(result).toMatchObject({ ok: true, isReplay: false });
    }
    expect(await balanceOf(accountId)).toBe(3n);
  });

  it('joins the first while that is still running: 200 keys, each from two replicas at once and twice in one batch', async () => {
    const { accountId } = await newAccount(one);
    const keys = Array.from({ length: 200 }, () => newKey());
    const results = await Promise.all(
      keys.flatMap((key) =>
        [one, other, other, one].map(({ lane }) => credit(lane, { accountId, amount: 1n, ...asked(key) })),
      ),
    );
    for (let index = 0; index < results.length; index += 4) {
      const same = results.slice(index, index + 4);
      expect(same.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
      expect(new Set(same.map((result) => result.ok && result.transaction.id)).size).toBe(1);
    }
    expect(await balanceOf(accountId)).toBe(200n);
  });

  it('with another body in the same batch is refused, whichever comes first', async () => {
    const { accountId } = await newAccount(one);
    const key = newKey();
    const bodies = ['body', 'other', 'body'];
    const results = await Promise.all(
      bodies.map((fingerprint) => credit(one.lane, { accountId, amount: 1n, ...asked({ ...key, fingerprint }) })),
    );
    expect(results.map((result) => (result.ok ? result.isReplay : result.code))).toEqual([
      false,
      'IDEMPOTENCY_MISMATCH',
      true,
    ]);
  });
});

describe('an old key', () => {
  it('is replayed for a day, refused for 30 days more, and forgotten then', async () => {
    const { accountId } = await newAccount(one);
    const command = { accountId, amount: 1n, ...asked(newKey()) };
    const again = () => credit(other.lane, command);
    await credit(one.lane, command);
    await age(0.99);
    expect(await again()).toMatchObject({ ok: true, isReplay: true });
    await age(1.01);
    expect(await again()).toEqual({ ok: false, code: 'IDEMPOTENCY_EXPIRED', isReplay: false });
    await age(30.9);
    expect(await purgeKeys(one.db, 31)).toBe(0);
    expect(await again()).toMatchObject({ code: 'IDEMPOTENCY_EXPIRED' });
    await age(31.1);
    expect(await purgeKeys(one.db, 31)).toBeGreaterThan(0);
    expect(await database.rows('SELECT id FROM idempotency')).toEqual([]);
    expect(await balanceOf(accountId)).toBe(1n);
  });
});
