import { WALLET_API_ROUTES, WALLET_DEMO, type RouteDeclaration } from '@souk/contracts';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from '../test/start-test-wallet';

/*
 * Compares the complete answers of each route with what clients were promised. In addition, `askWallet` checks each answer
 * against its declaration.
 */
let database: TestDatabase;
let wallet: TestWallet;
let ask: AskWallet;

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

describe('the account routes', () => {
  it('POST /accounts opens an account, even without a name, money or a reference; null means absent, other fields are ignored', async () => {
    const reference = randomUUID();
    const fullReply = await ask('POST /accounts', {
      body: { name: 'Ada', initial_balance: '50', reference, colour: 'red' },
    });
    const expectedFields = { id: ID, name: 'Ada', reference, created_at: MOMENT };
    expect([fullReply.status, fullReply.body]).toEqual([
      200,
      { ...expectedFields, wallet: { id: ID, amount: '50.00', currency: 'USD' } },
    ]);
    expect(fullReply.headers.get('idempotency-replayed')).toBeNull();
    for (const body of ['{}', '{"name":null,"initial_balance":null,"reference":null}']) {
      const bareReply = await ask('POST /accounts', { body });
      const emptyFields = { id: ID, name: null, reference: null, created_at: MOMENT };
      expect(bareReply.body).toEqual({ ...emptyFields, wallet: { id: ID, amount: '0.00', currency: 'USD' } });
    }
    const { id } = fullReply.body as { id: string };
    expect((await ask(`GET /accounts/${id}`)).body).toEqual(fullReply.body);
    expect((await ask(`GET /accounts/${id}/`)).body).toEqual(fullReply.body);
  });

  it('GET /accounts/{id}/balance returns the balance as a number with two decimals and as text', async () => {
    const { accountId } = await openTestAccount(ask, '50');
    expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe('{"balance":50.00,"amount":"50.00"}');
    expect((await ask(`GET /accounts/${accountId}/balance/?at=2000-01-01T00:00:00Z`)).text).toBe(
      '{"balance":0.00,"amount":"0.00"}',
    );
  });

  it('credit and debit return the transaction and the balance, as a number and as text', async () => {
    const { accountId } = await openTestAccount(ask);
    const credited = await ask('POST /transactions/credit', { body: { account_id: accountId, amount: '12.5' } });
    const success = { status: 'success', transaction_id: ID };
    expect([credited.status, credited.body]).toEqual([200, { ...success, balance: 12.5, amount: '12.50' }]);
    expect(credited.text).toMatch(/"balance":12\.50,"amount":"12\.50"\}$/);
    const debited = await ask('POST /transactions/debit/', { body: { account_id: accountId, amount: 12.5 } });
    expect([debited.status, debited.body]).toEqual([200, { ...success, balance: 0, amount: '0.00' }]);
    expect(debited.text).toMatch(/"balance":0\.00,"amount":"0\.00"\}$/);
  });

  it('credit and debit return a balance exactly even if no JavaScript number can hold it', async () => {
    const { accountId } = await openTestAccount(ask, '89999999999999990');
    const debited = await ask('POST /transactions/debit', { body: { account_id: accountId, amount: '0.09' } });
    expect(debited.text).toMatch(/"balance":89999999999999989\.91,"amount":"89999999999999989\.91"\}$/);
  });

  it('GET /accounts?reference= returns a list with the account, or an empty list', async () => {
    const { accountId, reference } = await openTestAccount(ask, '1');
    await openTestAccount(ask);
    const reply = await ask(`GET /accounts?reference=${reference}`);
    const account = (await ask(`GET /accounts/${accountId}`)).body;
    expect([reply.status, reply.body]).toEqual([200, { items: [account], next: null }]);
    for (const otherReference of [reference.toUpperCase(), `${reference}x`, accountId, '%27%20OR%201=1']) {
      const none = await ask(`GET /accounts?reference=${otherReference}`);
      expect([otherReference, none.status, none.body]).toEqual([otherReference, 200, { items: [], next: null }]);
    }
    for (const query of ['', '?reference=', '?reference=%20a', `?reference=${'x'.repeat(101)}`]) {
      const refused = await ask(`GET /accounts${query}`);
      expect([query, refused.status, refused.body['code']]).toEqual([query, 422, 'INVALID_REQUEST']);
    }
  });

  it('GET /accounts/{id}/transactions lists postings, newest first, with the balance after each', async () => {
    const { accountId, walletId } = await openTestAccount(ask, '2.00');
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

describe('the wallet and transfer routes', () => {
  it('POST /wallets/{id}/replenish returns both postings, without a balance for the system wallet', async () => {
    const { walletId } = await openTestAccount(ask, '1');
    const { status, body } = await ask(`POST /wallets/${walletId}/replenish`, { body: { amount: 0.5 } });
    expect([status, body]).toEqual([
      200,
      transaction('replenish', [posting(ID, '-0.50', null), posting(walletId, '0.50', '1.50')]),
    ]);
  });

  it('POST /transfers returns the postings of both wallets', async () => {
    const [from, to] = [await openTestAccount(ask, '20'), await openTestAccount(ask)];
    const { status, body } = await ask('POST /transfers', {
      body: { from_wallet_id: from.walletId, to_wallet_id: to.walletId, amount: '12.50' },
    });
    expect([status, body]).toEqual([
      200,
      transaction('transfer', [posting(from.walletId, '-12.50', '7.50'), posting(to.walletId, '12.50', '12.50')]),
    ]);
  });
});

describe('the routes under /api/v1/wallets', () => {
  it.each(['POST /api/v1/wallets/', 'POST /api/v1/wallets'] as const)('%s opens a wallet', async (call) => {
    const { status, body } = await ask(call);
    expect([status, body]).toEqual([200, { id: ID, balance: '0.00', created_at: MOMENT, updated_at: MOMENT }]);
    const { id } = body as { id: string };
    expect((await ask(`GET /api/v1/wallets/${id}`)).body).toEqual(body);
  });

  it('an operation returns its amount without a sign, and the balance includes it', async () => {
    const { id } = (await ask('POST /api/v1/wallets/')).body as { id: string };
    for (const [operation_type, amount, formattedAmount, balance] of [
      ['DEPOSIT', 7, '7.00', '7.00'],
      ['WITHDRAW', '2.5', '2.50', '4.50'],
    ] as const) {
      const reply = await ask(`POST /api/v1/wallets/${id}/operation`, { body: { operation_type, amount } });
      const operation = {
        id: ID,
        wallet_id: id,
        operation_type,
        amount: formattedAmount,
        status: 'SUCCESS',
        created_at: MOMENT,
      };
      expect([reply.status, reply.body]).toEqual([200, operation]);
      expect((await ask(`GET /api/v1/wallets/${id}`)).body).toMatchObject({ balance });
    }
  });
});

describe('the examples in the documentation', () => {
  it('work unchanged once the demo customer exists', async () => {
    const demo = await ask('POST /accounts', { body: { reference: 'demo-customer', initial_balance: '100' } });
    expect(demo.body).toMatchObject({ id: WALLET_DEMO.accountId, wallet: { id: WALLET_DEMO.walletId } });
    const routes: readonly RouteDeclaration[] = WALLET_API_ROUTES;
    for (const { operationId, method, path, example } of routes) {
      const id = path.includes('wallets/') ? WALLET_DEMO.walletId : WALLET_DEMO.accountId;
      const query = operationId === 'listAccounts' ? '?reference=demo-customer' : '';
      const call = `${method.toUpperCase()} ${path.replace(/:\w+/, id)}${query}` as `GET /${string}`;
      expect([operationId, (await ask(call, { body: example })).status]).toEqual([operationId, 200]);
    }
    const merchant = await ask(`GET /api/v1/wallets/${WALLET_DEMO.payeeWalletId}`);
    expect(merchant.body).toMatchObject({ balance: '12.50' });
  });
});

describe('one ledger is behind all routes', () => {
  it('money that comes in through one route is visible through the others', async () => {
    const { accountId, walletId } = await openTestAccount(ask, '1');
    await ask(`POST /wallets/${walletId}/replenish`, { body: { amount: '1' } });
    await ask('POST /transactions/credit', { body: { account_id: accountId, amount: '1' } });
    await ask(`POST /api/v1/wallets/${walletId}/operation`, { body: { operation_type: 'DEPOSIT', amount: '1' } });
    expect((await ask(`GET /accounts/${accountId}`)).body).toMatchObject({ wallet: { amount: '4.00' } });
    expect((await ask(`GET /api/v1/wallets/${walletId}`)).body).toMatchObject({ balance: '4.00' });
  });
});
