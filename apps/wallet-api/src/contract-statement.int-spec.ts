import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { cancel, charge, newPayment } from '../test/ask-test-payments';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';

let database: TestDatabase;
let wallet: TestWallet;
let ask: AskWallet;

beforeAll(async () => {
  database = await createTestDatabase('contract_statement');
  wallet = await startTestWallet(database);
  ask = askWallet(wallet.url);
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await wallet.stop();
  await database.drop();
});

interface Line {
  id: string;
  type: string;
  amount: string;
  balance_after: string;
  created_at: string;
}
interface Page {
  items: Line[];
  next: string | null;
}

const pageOf = async (accountId: string, query: string) =>
  (await ask(`GET /accounts/${accountId}/transactions${query}`)).body as unknown as Page;

const move = (accountId: string, kind: 'credit' | 'debit', amount: string) =>
  ask(`POST /transactions/${kind}`, { body: { account_id: accountId, amount } });

/** Reads all pages and calls `afterPage` after each one. */
async function readAll(accountId: string, limit: number, afterPage: () => Promise<unknown>): Promise<Line[]> {
  const lines: Line[] = [];
  for (let next: string | null | undefined, page = 0; next !== null; page++) {
    expect(page).toBeLessThan(100);
    const statementPage: Page = await pageOf(
      accountId,
      `?limit=${limit}${next ? `&after=${encodeURIComponent(next)}` : ''}`,
    );
    expect(statementPage.items.length).toBeLessThanOrEqual(limit);
    if (statementPage.next !== null) expect(statementPage.items).toHaveLength(limit);
    lines.push(...statementPage.items);
    next = statementPage.next;
    await afterPage();
  }
  return lines;
}

const minor = (amount: string) => BigInt(amount.replace('.', ''));

describe('the statement', () => {
  it.each([1, 7, 20])(
    'in pages of %i lists every posting once, despite refusals and while other postings arrive',
    async (limit) => {
      const { accountId } = await openTestAccount(ask);
      for (let index = 1; index <= 20; index++) {
        await move(accountId, 'credit', `${index}`);
        if (index % 3 === 0) expect((await move(accountId, 'debit', '5000')).status).toBe(400);
      }
      const lines = await readAll(accountId, limit, () => move(accountId, 'credit', '0.01'));
      expect(lines.map(({ amount }) => amount)).toEqual(Array.from({ length: 20 }, (_, index) => `${20 - index}.00`));
      lines.forEach(({ amount, balance_after }, index) => {
        const before = lines[index + 1]?.balance_after ?? '0.00';
        expect(minor(balance_after)).toBe(minor(before) + minor(amount));
      });
    },
  );

  it('names the order or the withdrawal of a payment, even if an earlier release wrote the posting', async () => {
    const reference = randomUUID();
    const payer = await newAccount(wallet, 1_000n, reference);
    const [order, withdrawal, refundedOrder] = [
      newPayment(reference, '1'),
      newPayment(payer, '2'),
      newPayment(reference, '3'),
    ];
    for (const payment of [order, withdrawal, refundedOrder]) await charge(wallet, payment);
    await cancel(wallet, refundedOrder.paymentId);
    const expected = [
      { type: 'refund', amount: '3.00', order_id: refundedOrder.paymentId },
      { type: 'charge', amount: '-3.00', order_id: refundedOrder.paymentId },
      { type: 'charge', amount: '-2.00', withdrawal_id: withdrawal.paymentId },
      { type: 'charge', amount: '-1.00', order_id: order.paymentId },
      { type: 'replenish', amount: '10.00' },
    ];
    const { items } = await pageOf(payer.accountId, '');
    expect(items).toMatchObject(expected);
    expect('order_id' in items.at(-1)!).toBe(false);
    const untyped = () => database.rows('SELECT id FROM posting WHERE type IS NULL');
    expect(await untyped()).toEqual([]);
    await database.rows(
      'UPDATE posting SET type = NULL, order_id = NULL, withdrawal_id = NULL WHERE wallet_id = ? AND sequence <> 2',
      [payer.walletId],
    );
    expect(await untyped()).toHaveLength(4);
    expect((await pageOf(payer.accountId, '')).items).toEqual(items);
  });

  it('has 50 lines per page by default, and at most 500', async () => {
    const { accountId } = await openTestAccount(ask);
    await Promise.all(Array.from({ length: 51 }, () => move(accountId, 'credit', '1')));
    const first = await pageOf(accountId, '');
    expect(first.items).toHaveLength(50);
    const second = await pageOf(accountId, `?after=${first.next}`);
    expect([second.items.length, second.next]).toEqual([1, null]);
    expect((await pageOf(accountId, '?limit=500')).items).toHaveLength(51);
    expect((await pageOf(accountId, '?limit=51')).next).toBeNull();
  });

  it('of an account without postings is empty', async () => {
    const { accountId } = await openTestAccount(ask);
    expect(await pageOf(accountId, '')).toEqual({ items: [], next: null });
  });

  it.each(['0', '-1', 'x', '1e3', '1.5', '9'.repeat(30), '1%00', '%F0%9F%9B%92'])(
    'refuses the cursor %s and names the field',
    async (after) => {
      const { accountId } = await openTestAccount(ask);
      const { status, body } = await ask(`GET /accounts/${accountId}/transactions?after=${after}`);
      expect([status, body]).toEqual([
        422,
        {
          type: 'about:blank',
          title: 'Unprocessable Entity',
          status: 422,
          detail: 'after must be the `next` of the page before',
          code: 'INVALID_REQUEST',
          fields: [{ field: 'after', message: 'must be the `next` of the page before' }],
        },
      ]);
    },
  );
});

describe('the balance at a moment', () => {
  const balanceAt = async (accountId: string, at: string) =>
    (await ask(`GET /accounts/${accountId}/balance?at=${at}`)).body['amount'];

  it('matches the statement, including postings of that very moment', async () => {
    const { accountId } = await openTestAccount(ask);
    for (let index = 1; index <= 15; index++)
      await move(accountId, index % 4 === 0 ? 'debit' : 'credit', `0.${index + 10}`);
    const { items } = await pageOf(accountId, '');
    const balanceBefore = (at: number) =>
      items.find(({ created_at }) => Date.parse(created_at) < at)?.balance_after ?? '0.00';
    for (const { created_at } of items) {
      const last = items.find((line) => line.created_at === created_at)!;
      expect(await balanceAt(accountId, created_at)).toBe(last.balance_after);
      const moment = Date.parse(created_at);
      expect(await balanceAt(accountId, new Date(moment - 1).toISOString())).toBe(balanceBefore(moment));
      expect(await balanceAt(accountId, created_at.replace('Z', '999Z'))).toBe(last.balance_after);
    }
  });

  it('can be requested with any UTC offset, even if the plus sign is not encoded', async () => {
    const { accountId } = await openTestAccount(ask, '5');
    const [line] = (await pageOf(accountId, '')).items;
    const moment = Date.parse(line!.created_at);
    const local = (hours: number) => new Date(moment + hours * 3_600_000).toISOString().replace('Z', '');
    expect(await balanceAt(accountId, `${local(2)}%2B02:00`)).toBe('5.00');
    expect(await balanceAt(accountId, `${local(2)}+02:00`)).toBe('5.00');
    expect(await balanceAt(accountId, `${local(-7)}-07:00`)).toBe('5.00');
    expect(await balanceAt(accountId, `${local(1)}-00:00`)).toBe('5.00');
    expect(await balanceAt(accountId, `${local(-1)}-00:00`)).toBe('0.00');
  });

  it('is zero at the earliest moments and the current balance at the latest', async () => {
    const { accountId } = await openTestAccount(ask, '5');
    for (const at of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00.000001Z', '1969-12-31T23:59:59Z'])
      expect([at, await balanceAt(accountId, at)]).toEqual([at, '0.00']);
    for (const at of ['2100-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'])
      expect([at, await balanceAt(accountId, at)]).toEqual([at, '5.00']);
  });
});
