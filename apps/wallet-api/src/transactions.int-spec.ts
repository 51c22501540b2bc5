import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { testOrigin, brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { openAccount } from './accounts/open-account';
import { balanceAt, findAccount, findWallet } from './accounts/read-account';
import { readStatement } from './accounts/read-statement';
import { BALANCE_MAX } from './ledger/decisions/ledger-state';
import { SYSTEM_ACCOUNTS } from './ledger/decisions/system-accounts';
import { credit, debit, replenish } from './transactions/external-transactions';
import { performOperation } from './transactions/perform-operation';
import { transfer } from './transactions/transfer';

let database: TestDatabase;
let wallet: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('wallet');
  wallet = await startTestWallet(database);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await wallet.stop();
  await database.drop();
});

const UNKNOWN_ID = '01234567-89ab-7cde-8f01-23456789abcd';
const balanceOf = async (accountId: string) => {
  const result = await findAccount(wallet.accounts, accountId);
  return result.ok ? result.account.wallet.amount : result.code;
};
const eventOf = async (transactionId: string) => {
  const [row] = await database.rows<{ type: string; payload: unknown }>(
    'SELECT type, payload FROM event WHERE transaction_id = ?',
    [transactionId],
  );
  const payload: unknown = typeof row!.payload === 'string' ? JSON.parse(row!.payload) : row!.payload;
  return { type: row!.type, payload };
};

describe('an account', () => {
  it('is opened with its name, its reference and an initial balance, which comes in as a transaction', async () => {
    const reference = `client ${randomUUID()}`;
    const opened = await openAccount(wallet.lane, {
      name: "Ali's 🪔",
      reference,
      initialBalance: 999_999_999_999_999_999n,
      ...testOrigin(),
    });
    if (!opened.ok) throw new Error(opened.code);
    expect(opened.account).toMatchObject({ name: "Ali's 🪔", reference, wallet: { amount: 999_999_999_999_999_999n } });
    expect(await findAccount(wallet.accounts, opened.account.id)).toEqual({ ok: true, account: opened.account });
    expect(await findWallet(wallet.accounts, opened.account.wallet.id)).toEqual({
      ok: true,
      wallet: opened.account.wallet,
    });
    const statement = await readStatement(wallet.accounts, { accountId: opened.account.id, limit: 10 });
    expect(statement).toMatchObject({
      items: [{ type: 'replenish', amount: 999_999_999_999_999_999n, balanceAfter: 999_999_999_999_999_999n }],
      next: null,
    });
  });

  it('is refused with a taken reference or with a balance out of range', async () => {
    const reference = randomUUID();
    await newAccount(wallet, 0n, reference);
    const duplicate = { name: null, reference, initialBalance: 5n, ...testOrigin() };
    expect(await openAccount(wallet.lane, duplicate)).toEqual({ ok: false, code: 'REFERENCE_TAKEN', isReplay: false });
    const outOfRange = { name: null, reference: null, initialBalance: BALANCE_MAX + 1n, ...testOrigin() };
    expect(await openAccount(wallet.lane, outOfRange)).toMatchObject({ code: 'BALANCE_LIMIT' });
    expect(await openAccount(wallet.lane, { ...outOfRange, initialBalance: -1n })).toMatchObject({
      code: 'INVALID_AMOUNT',
    });
  });

  it.each([UNKNOWN_ID, 'ключ', '', "' OR 1 = 1", 'x'.repeat(500)])(
    'that does not exist is not found: %s',
    async (id) => {
      expect(await findAccount(wallet.accounts, id)).toEqual({ ok: false, code: 'ACCOUNT_NOT_FOUND' });
      expect(await findWallet(wallet.accounts, id)).toEqual({ ok: false, code: 'WALLET_NOT_FOUND' });
      expect(await balanceAt(wallet.accounts, { accountId: id })).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
      expect(await balanceAt(wallet.accounts, { accountId: id, at: new Date() })).toMatchObject({ ok: false });
      expect(await readStatement(wallet.accounts, { accountId: id, limit: 1 })).toMatchObject({ ok: false });
      expect(await credit(wallet.lane, { accountId: id, amount: 1n, ...testOrigin() })).toMatchObject({
        code: 'ACCOUNT_NOT_FOUND',
      });
      expect(await replenish(wallet.lane, { walletId: id, amount: 1n, ...testOrigin() })).toMatchObject({
        code: 'WALLET_NOT_FOUND',
        id,
      });
    },
  );

  it('of the system can be neither read nor used', async () => {
    const { accountId, walletId } = SYSTEM_ACCOUNTS.replenish;
    const { walletId: userWalletId } = await newAccount(wallet, 100n);
    expect(await findAccount(wallet.accounts, accountId)).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    expect(await findWallet(wallet.accounts, walletId)).toMatchObject({ code: 'WALLET_NOT_FOUND' });
    expect(await balanceAt(wallet.accounts, { accountId, at: new Date() })).toMatchObject({ ok: false });
    expect(await debit(wallet.lane, { accountId, amount: 1n, ...testOrigin() })).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
    const transfers = [
      { fromWalletId: userWalletId, toWalletId: walletId },
      { fromWalletId: walletId, toWalletId: userWalletId },
    ];
    for (const wallets of transfers) {
      expect(await transfer(wallet.lane, { ...wallets, amount: 1n, ...testOrigin() })).toMatchObject({
        code: 'WALLET_NOT_FOUND',
        id: walletId,
      });
    }
  });
});

describe('money', () => {
  it('comes in and goes out by every transaction type, exact to the cent', async () => {
    const { accountId, walletId } = await newAccount(wallet);
    const { walletId: otherWalletId } = await newAccount(wallet);
    expect(await credit(wallet.lane, { accountId, amount: 1_000n, ...testOrigin() })).toMatchObject({
      balance: 1_000n,
    });
    expect(await replenish(wallet.lane, { walletId, amount: 500n, ...testOrigin() })).toMatchObject({
      transaction: {
        type: 'replenish',
        status: 'completed',
        postings: [
          { amount: -500n, balanceAfter: null, walletId: SYSTEM_ACCOUNTS.replenish.walletId },
          { amount: 500n, balanceAfter: 1_500n, walletId, currency: 'USD' },
        ],
      },
    });
    const deposit = { walletId, amount: 7n, operationType: 'DEPOSIT', ...testOrigin() } as const;
    expect(await performOperation(wallet.lane, deposit)).toMatchObject({
      operation: { status: 'SUCCESS', amount: 7n },
    });
    expect(await debit(wallet.lane, { accountId, amount: 1_507n, ...testOrigin() })).toMatchObject({ balance: 0n });
    await credit(wallet.lane, { accountId, amount: 3n, ...testOrigin() });
    await performOperation(wallet.lane, { ...deposit, operationType: 'WITHDRAW', amount: 1n });
    expect(
      await transfer(wallet.lane, { fromWalletId: walletId, toWalletId: otherWalletId, amount: 2n, ...testOrigin() }),
    ).toMatchObject({
      transaction: {
        postings: [
          { walletId, amount: -2n, balanceAfter: 0n },
          { walletId: otherWalletId, amount: 2n, balanceAfter: 2n },
        ],
      },
    });
    const statement = await readStatement(wallet.accounts, { accountId, limit: 50 });
    expect(statement.ok && statement.items.map(({ type, amount }) => [type, amount])).toEqual([
      ['transfer', -2n],
      ['withdrawal', -1n],
      ['credit', 3n],
      ['debit', -1_507n],
      ['deposit', 7n],
      ['replenish', 500n],
      ['credit', 1_000n],
    ]);
  });

  it('that a wallet lacks is refused, recorded as a failed transaction, and has an event with the requested amounts', async () => {
    const from = await newAccount(wallet, 100n);
    const to = await newAccount(wallet);
    const refused = await transfer(wallet.lane, {
      fromWalletId: from.walletId,
      toWalletId: to.walletId,
      amount: 12_345n,
      ...testOrigin(),
    });
    if (refused.ok || refused.code !== 'INSUFFICIENT_FUNDS') throw new Error('was not refused');
    expect(await eventOf(refused.transactionId)).toEqual({
      type: 'transactions.failed',
      payload: {
        transaction_id: refused.transactionId,
        type: 'transfer',
        status: 'failed',
        reason: 'INSUFFICIENT_FUNDS',
        entries: [
          { account_id: from.accountId, sequence: 2, amount: '-123.45', currency: 'USD' },
          { account_id: to.accountId, sequence: 1, amount: '123.45', currency: 'USD' },
        ],
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    expect(await balanceOf(from.accountId)).toBe(100n);
    const debited = await debit(wallet.lane, { accountId: from.accountId, amount: 40n, ...testOrigin() });
    if (!debited.ok) throw new Error(debited.code);
    expect(await eventOf(debited.transaction.id)).toEqual({
      type: 'transactions.completed',
      payload: {
        transaction_id: debited.transaction.id,
        type: 'debit',
        status: 'completed',
        reason: '',
        entries: [{ account_id: from.accountId, sequence: 3, amount: '-0.40', currency: 'USD' }],
        timestamp: debited.transaction.createdAt.toISOString(),
      },
    });
  });

  it('is exact to the cent up to the limit, and refused beyond it', async () => {
    const { accountId, walletId } = await newAccount(wallet, BALANCE_MAX - 1n);
    expect(await credit(wallet.lane, { accountId, amount: 2n, ...testOrigin() })).toMatchObject({
      code: 'BALANCE_LIMIT',
    });
    expect(await credit(wallet.lane, { accountId, amount: 1n, ...testOrigin() })).toMatchObject({
      balance: BALANCE_MAX,
    });
    const deposit = { walletId, amount: 1n, operationType: 'DEPOSIT', ...testOrigin() } as const;
    expect(await performOperation(wallet.lane, deposit)).toMatchObject({ ok: false, code: 'BALANCE_LIMIT' });
    expect(await balanceOf(accountId)).toBe(BALANCE_MAX);
    const tooMuch = { accountId, amount: 10n ** 40n, ...testOrigin() };
    expect(await debit(wallet.lane, tooMuch)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  });

  it('does not move by a zero or negative amount, or within one wallet', async () => {
    const { accountId, walletId } = await newAccount(wallet, 10n);
    for (const amount of [0n, -5n]) {
      expect(await credit(wallet.lane, { accountId, amount, ...testOrigin() })).toMatchObject({
        code: 'INVALID_AMOUNT',
      });
    }
    const toItself = { fromWalletId: walletId, toWalletId: walletId, amount: 1n, ...testOrigin() };
    expect(await transfer(wallet.lane, toItself)).toMatchObject({ code: 'SAME_WALLET' });
    expect(await balanceOf(accountId)).toBe(10n);
  });
});

describe('the statement', () => {
  it('is paged newest first and lists each posting once, even if new ones arrive between pages', async () => {
    const { accountId } = await newAccount(wallet);
    for (let amount = 1n; amount <= 7n; amount++) await credit(wallet.lane, { accountId, amount, ...testOrigin() });
    const amounts: bigint[] = [];
    let after: string | undefined;
    do {
      const page = await readStatement(wallet.accounts, { accountId, after, limit: 3 });
      if (!page.ok) throw new Error(page.code);
      amounts.push(...page.items.map(({ amount }) => amount));
      after = page.next ?? undefined;
      await credit(wallet.lane, { accountId, amount: 100n, ...testOrigin() });
    } while (after !== undefined);
    expect(amounts).toEqual([7n, 6n, 5n, 4n, 3n, 2n, 1n]);
  });

  it.each(['', '0', '-1', 'x', '1e3', '9'.repeat(30)])('refuses an invalid cursor: %j', async (after) => {
    const statement = await readStatement(wallet.accounts, { accountId: UNKNOWN_ID, after, limit: 1 });
    expect(statement).toEqual({ ok: false, code: 'INVALID_CURSOR' });
  });

  it('agrees with the balance at any moment: 100 random moments are compared with the replayed postings', async () => {
    const { accountId } = await newAccount(wallet);
    for (let turn = 0; turn < 60; turn++) {
      await credit(wallet.lane, { accountId, amount: BigInt(1 + turn * 17), ...testOrigin() });
      await debit(wallet.lane, { accountId, amount: BigInt(1 + Math.floor(Math.random() * 900)), ...testOrigin() });
    }
    const statement = await readStatement(wallet.accounts, { accountId, limit: 500 });
    if (!statement.ok) throw new Error(statement.code);
    const moments = statement.items.map(({ createdAt }) => createdAt.getTime());
    const [last, first] = [moments[0]!, moments.at(-1)!];
    const queriedTimes = [
      ...Array.from({ length: 100 }, () => first - 5 + Math.random() * (last - first + 10)),
      ...moments,
    ];
    for (const time of queriedTimes) {
      const at = new Date(Math.floor(time));
      const replayed = statement.items
        .filter(({ createdAt }) => createdAt <= at)
        .reduce((sum, { amount }) => sum + amount, 0n);
      expect(await balanceAt(wallet.accounts, { accountId, at })).toEqual({ ok: true, balance: replayed });
    }
    const now = await balanceAt(wallet.accounts, { accountId });
    expect(now).toEqual(await balanceAt(wallet.accounts, { accountId, at: new Date(Date.now() + 60_000) }));
  });

  it.each([
    ['0000-01-01T00:00:00.000Z', 0n],
    ['1969-12-31T23:59:59.999Z', 0n],
    ['9999-12-31T23:59:59.999Z', 5n],
  ])('agrees with the balance at the earliest and latest moments: %s', async (at, balance) => {
    const { accountId } = await newAccount(wallet, 5n);
    expect(await balanceAt(wallet.accounts, { accountId, at: new Date(at) })).toEqual({ ok: true, balance });
  });

  it('is in chronological order even if the clock of the database is behind the last posting', async () => {
    const { accountId } = await newAccount(wallet, 5n);
    const futureTime = new Date(Date.now() + 3_600_000);
    await database.rows('UPDATE wallet SET updated_at = ? WHERE account_id = ?', [futureTime, accountId]);
    const result = await credit(wallet.lane, { accountId, amount: 1n, ...testOrigin() });
    expect(result.ok && result.transaction.createdAt).toEqual(futureTime);
  });
});
