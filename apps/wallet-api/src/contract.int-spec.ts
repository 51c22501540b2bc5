import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, opened, problem, type Ask } from './ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from './start-test-wallet';

/*
 * Each route's answers, whole. `askWallet` holds each to its declaration besides; here stands what clients were promised, in
 * their words.
 */
let database: TestDatabase;
let wallet: TestWallet;
let ask: Ask;

beforeAll(async () => {
  database = await createTestDatabase('contract');
  wallet = await startTestWallet(database);
  ask = askWallet(wallet.url);
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await wallet.stop();
  await database.drop();
});

const ID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

const posting = (walletId: unknown, amount: string, balance_after: string | null) => ({
  id: ID,
  wallet_id: walletId,
  amount,
  currency: 'USD',
  balance_after,
});
const transaction = (type: string, postings: unknown[]) => ({
  id: ID,
  type,
  status: 'completed',
  created_at: MOMENT,
  postings,
});

describe('the family of accounts', () => {
  it('POST /accounts opens one, also without a name, money or a reference; null is absent, other fields are ignored', async () => {
    const reference = randomUUID();
    const full = await ask('POST /accounts', {
      body: { name: 'Ada', initial_balance: '50', reference, colour: 'red' },
    });
    const shown = { id: ID, name: 'Ada', reference, created_at: MOMENT };
    expect([full.status, full.body]).toEqual([200, { ...shown, wallet: { id: ID, amount: '50.00', currency: 'USD' } }]);
    expect(full.headers.get('idempotency-replayed')).toBeNull();
    for (const body of ['{}', '{"name":null,"initial_balance":null,"reference":null}']) {
      const bare = await ask('POST /accounts', { body });
      const nothing = { id: ID, name: null, reference: null, created_at: MOMENT };
      expect(bare.body).toEqual({ ...nothing, wallet: { id: ID, amount: '0.00', currency: 'USD' } });
    }
    const { id } = full.body as { id: string };
    expect((await ask(`GET /accounts/${id}`)).body).toEqual(full.body);
    expect((await ask(`GET /accounts/${id}/`)).body).toEqual(full.body);
  });

  it('GET /accounts/{id}/balance writes a number with two decimals, and the same as a text', async () => {
    const { accountId } = await opened(ask, '50');
    expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe('{"balance":50.00,"amount":"50.00"}');
    expect((await ask(`GET /accounts/${accountId}/balance/?at=2000-01-01T00:00:00Z`)).text).toBe(
      '{"balance":0.00,"amount":"0.00"}',
    );
  });

  it('credit and debit tell the transaction and the balance, a number', async () => {
    const { accountId } = await opened(ask);
    const credited = await ask('POST /transactions/credit', { body: { account_id: accountId, amount: '12.5' } });
    expect([credited.status, credited.body]).toEqual([200, { status: 'success', transaction_id: ID, balance: 12.5 }]);
    expect(credited.text).toMatch(/"balance":12\.50\}$/);
    const debited = await ask('POST /transactions/debit/', { body: { account_id: accountId, amount: 12.5 } });
    expect([debited.status, debited.body]).toEqual([200, { status: 'success', transaction_id: ID, balance: 0 }]);
    expect(debited.text).toMatch(/"balance":0\.00\}$/);
  });

  it('GET /accounts/{id}/transactions is a list of postings, newest first, with the balance after each', async () => {
    const { accountId, walletId } = await opened(ask, '2.00');
    await ask('POST /transactions/debit', { body: { account_id: accountId, amount: '0.50' } });
    const { body } = await ask(`GET /accounts/${accountId}/transactions`);
    const line = (type: string, amount: string, balance_after: string) => ({
      ...posting(walletId, amount, balance_after),
      transaction_id: ID,
      type,
      created_at: MOMENT,
    });
    expect(body).toEqual({ items: [line('debit', '-0.50', '1.50'), line('replenish', '2.00', '2.00')], next: null });
  });
});

describe('the family of wallets and transfers', () => {
  it('POST /wallets/{id}/replenish shows both postings, and no balance on the side of the system', async () => {
    const { walletId } = await opened(ask, '1');
    const { status, body } = await ask(`POST /wallets/${walletId}/replenish`, { body: { amount: 0.5 } });
    expect([status, body]).toEqual([
      200,
      transaction('replenish', [posting(ID, '-0.50', null), posting(walletId, '0.50', '1.50')]),
    ]);
  });

  it('POST /transfers shows both wallets', async () => {
    const [from, to] = [await opened(ask, '20'), await opened(ask)];
    const { status, body } = await ask('POST /transfers', {
      body: { from_wallet_id: from.walletId, to_wallet_id: to.walletId, amount: '12.50' },
    });
    expect([status, body]).toEqual([
      200,
      transaction('transfer', [posting(from.walletId, '-12.50', '7.50'), posting(to.walletId, '12.50', '12.50')]),
    ]);
  });
});

describe('the family of /api/v1/wallets', () => {
  it.each(['POST /api/v1/wallets/', 'POST /api/v1/wallets'] as const)('%s opens one', async (call) => {
    const { status, body } = await ask(call);
    expect([status, body]).toEqual([200, { id: ID, balance: '0.00', created_at: MOMENT, updated_at: MOMENT }]);
    const { id } = body as { id: string };
    expect((await ask(`GET /api/v1/wallets/${id}`)).body).toEqual(body);
  });

  it('an operation is told without a sign, and the wallet shows it', async () => {
    const { id } = (await ask('POST /api/v1/wallets/')).body as { id: string };
    for (const [operation_type, amount, shown, balance] of [
      ['DEPOSIT', 7, '7.00', '7.00'],
      ['WITHDRAW', '2.5', '2.50', '4.50'],
    ] as const) {
      const reply = await ask(`POST /api/v1/wallets/${id}/operation`, { body: { operation_type, amount } });
      const operation = { id: ID, wallet_id: id, operation_type, amount: shown, status: 'SUCCESS', created_at: MOMENT };
      expect([reply.status, reply.body]).toEqual([200, operation]);
      expect((await ask(`GET /api/v1/wallets/${id}`)).body).toMatchObject({ balance });
    }
  });
});

describe('one ledger is under all families', () => {
  it('money that came in by one is seen and moved by the others', async () => {
    const { accountId, walletId } = await opened(ask, '1');
    await ask(`POST /wallets/${walletId}/replenish`, { body: { amount: '1' } });
    await ask('POST /transactions/credit', { body: { account_id: accountId, amount: '1' } });
    await ask(`POST /api/v1/wallets/${walletId}/operation`, { body: { operation_type: 'DEPOSIT', amount: '1' } });
    expect((await ask(`GET /accounts/${accountId}`)).body).toMatchObject({ wallet: { amount: '4.00' } });
    expect((await ask(`GET /api/v1/wallets/${walletId}`)).body).toMatchObject({ balance: '4.00' });
  });
});

describe('a refusal', () => {
  const NOT_THERE = [
    'nobody',
    randomUUID(),
    '00000000-0000-7000-8000-000000000001',
    '00000000-0000-7000-8000-000000000011',
  ];
  const noAccount = problem(404, 'Not Found', 'ACCOUNT_NOT_FOUND', 'Account not found');
  const noWallet = problem(404, 'Not Found', 'WALLET_NOT_FOUND', 'Wallet not found');

  it.each(NOT_THERE)('of what is not there is 404 in the words of the family: %s', async (id) => {
    for (const call of [
      `GET /accounts/${id}`,
      `GET /accounts/${id}/balance`,
      `GET /accounts/${id}/transactions`,
    ] as const)
      expect([call, (await ask(call)).body]).toEqual([call, noAccount]);
    expect((await ask(`GET /accounts/${id}/balance?at=2026-01-01T00:00:00Z`)).body).toEqual(noAccount);
    for (const call of ['POST /transactions/credit', 'POST /transactions/debit'] as const)
      expect((await ask(call, { body: { account_id: id, amount: 1 } })).body).toEqual(noAccount);

    const { walletId } = await opened(ask, '5');
    const toNobody = { from_wallet_id: walletId, to_wallet_id: id, amount: 1 };
    const fromNobody = { from_wallet_id: id, to_wallet_id: walletId, amount: 1 };
    for (const body of [toNobody, fromNobody]) expect((await ask('POST /transfers', { body })).body).toEqual(noWallet);
    expect((await ask(`POST /wallets/${id}/replenish`, { body: { amount: 1 } })).body).toEqual(noWallet);
    expect((await ask(`GET /api/v1/wallets/${id}`)).body).toEqual(noWallet);
    for (const operation_type of ['DEPOSIT', 'WITHDRAW'])
      expect((await ask(`POST /api/v1/wallets/${id}/operation`, { body: { operation_type, amount: 1 } })).body).toEqual(
        noWallet,
      );
  });

  it('of what a wallet does not hold is 400, and nothing moves', async () => {
    const [poor, other] = [await opened(ask, '1.00'), await opened(ask)];
    const short = problem(400, 'Bad Request', 'INSUFFICIENT_FUNDS', 'Insufficient funds');
    const transfer = { from_wallet_id: poor.walletId, to_wallet_id: other.walletId, amount: '1.01' };
    for (const [call, body] of [
      ['POST /transactions/debit', { account_id: poor.accountId, amount: '1.01' }],
      ['POST /transfers', transfer],
      [`POST /api/v1/wallets/${poor.walletId}/operation`, { operation_type: 'WITHDRAW', amount: '1.01' }],
    ] as const) {
      const reply = await ask(call, { body });
      expect([call, reply.status, reply.body]).toEqual([call, 400, short]);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await ask(`GET /accounts/${poor.accountId}`)).body).toMatchObject({ wallet: { amount: '1.00' } });
  });

  it('of more than a wallet can hold is 422 in every family', async () => {
    const { accountId, walletId } = await opened(ask, '89999999999999999.91');
    const { walletId: payer } = await opened(ask, '1');
    const full = problem(422, 'Unprocessable Entity', 'BALANCE_LIMIT', expect.any(String));
    for (const [call, body] of [
      ['POST /transactions/credit', { account_id: accountId, amount: '0.01' }],
      [`POST /wallets/${walletId}/replenish`, { amount: '0.01' }],
      ['POST /transfers', { from_wallet_id: payer, to_wallet_id: walletId, amount: '0.01' }],
      [`POST /api/v1/wallets/${walletId}/operation`, { operation_type: 'DEPOSIT', amount: '0.01' }],
    ] as const) {
      const reply = await ask(call, { body });
      expect([call, reply.status, reply.body]).toEqual([call, 422, full]);
    }
    expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe(
      '{"balance":89999999999999999.91,"amount":"89999999999999999.91"}',
    );
  });

  it('of a transfer to itself is 422, also where there is no such wallet', async () => {
    const { walletId } = await opened(ask, '5');
    for (const id of [walletId, 'nobody']) {
      const body = { from_wallet_id: id, to_wallet_id: id, amount: '1' };
      expect((await ask('POST /transfers', { body })).body).toMatchObject({ status: 422, code: 'SAME_WALLET' });
    }
  });

  it('of a taken reference is 409, whoever asks, and however many at once on two replicas', async () => {
    const other = await startTestWallet(database);
    const asks = [ask, askWallet(other.url)];
    for (let round = 0; round < 3; round++) {
      const body = { reference: `taken ${randomUUID()}` };
      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, at) => asks[at % 2]!('POST /accounts', { body })),
      );
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const taken = problem(409, 'Conflict', 'REFERENCE_TAKEN', 'Another account has this reference');
      for (const reply of replies.filter(({ status }) => status !== 200)) expect(reply.body).toEqual(taken);
    }
    await other.stop();
  });
});
