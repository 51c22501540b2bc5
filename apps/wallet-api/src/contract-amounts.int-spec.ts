import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from '../test/start-test-wallet';

let database: TestDatabase;
let wallet: TestWallet;
let ask: AskWallet;
let account: Awaited<ReturnType<typeof openTestAccount>>;
let otherAccount: typeof account;

beforeAll(async () => {
  database = await createTestDatabase('contract_amounts');
  wallet = await startTestWallet(database);
  ask = askWallet(wallet.url);
  [account, otherAccount] = [await openTestAccount(ask, '10'), await openTestAccount(ask, '10')];
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await wallet.stop();
  await database.drop();
});

/** A request for every route that takes an amount. The body is JSON text, because no serializer writes some of these numbers. */
const AMOUNT_REQUESTS: Record<string, (amount: string) => [call: `POST /${string}`, body: string]> = {
  credit: (amount) => ['POST /transactions/credit', `{"account_id":"${account.accountId}","amount":${amount}}`],
  debit: (amount) => ['POST /transactions/debit', `{"account_id":"${account.accountId}","amount":${amount}}`],
  replenish: (amount) => [`POST /wallets/${account.walletId}/replenish`, `{"amount":${amount}}`],
  transfer: (amount) => [
    'POST /transfers',
    `{"from_wallet_id":"${account.walletId}","to_wallet_id":"${otherAccount.walletId}","amount":${amount}}`,
  ],
  deposit: (amount) => operation('DEPOSIT', amount),
  withdraw: (amount) => operation('WITHDRAW', amount),
  'initial balance': (amount) => ['POST /accounts', `{"initial_balance":${amount}}`],
};
const operation = (type: string, amount: string): [`POST /${string}`, string] => [
  `POST /api/v1/wallets/${account.walletId}/operation`,
  `{"operation_type":"${type}","amount":${amount}}`,
];
const ROUTES = Object.keys(AMOUNT_REQUESTS);

const INVALID_AMOUNTS = [
  ...['1e3', '1E3', '1e-1', '1.001', '1.000', '0.001', '-1', '-0', '-0.01', '1e400', '1.00000000000000000001'],
  ...['NaN', 'Infinity', '-Infinity', 'true', 'false', '[]', '[1]', '{}', '{"$minor":"1"}'],
  ...[
    '""',
    '" "',
    '" 1"',
    '"1 "',
    '"1,00"',
    '"1.001"',
    '"1.000"',
    '"1e3"',
    '".5"',
    '"1."',
    '"+1"',
    '"-1"',
    '"-0"',
    '"01"',
  ],
  ...['"0x10"', '"1_000"', '"NaN"', '"Infinity"', '"null"', '"١"', '"1\\u0000"', '"$1"', '"1.0.0"'],
  ...['89999999999999999.92', '"89999999999999999.92"', '9'.repeat(60), `"${'9'.repeat(5_000)}"`],
];
const ZERO_AMOUNTS = ['0', '0.0', '0.00', '"0"', '"0.00"', 'null'];

const fieldOf = (route: string) => (route === 'initial balance' ? 'initial_balance' : 'amount');

describe.each(ROUTES)('%s', (route) => {
  const refused = route === 'initial balance' ? INVALID_AMOUNTS : [...INVALID_AMOUNTS, ...ZERO_AMOUNTS];

  it.each(refused)('refuses %s with 422 INVALID_AMOUNT and names the field', async (amount) => {
    const { status, body } = await ask(...requestOf(route, amount));
    const field = fieldOf(route);
    expect([status, body]).toEqual([
      422,
      {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: expect.stringContaining(field) as string,
        code: 'INVALID_AMOUNT',
        fields: [{ field, message: expect.any(String) as string }],
      },
    ]);
  });

  it.each(['.5', '+1', '01', '1.', '1_000', 'nan', 'undefined'])('%s is not JSON: 400', async (amount) => {
    const { status, body } = await ask(...requestOf(route, amount));
    expect([status, body]).toMatchObject([400, { code: 'INVALID_REQUEST' }]);
  });

  it.each(['1', '1.0', '1.00', '"1"', '"1.0"', '"1.00"', '0.01', '"0.01"'])('accepts %s', async (amount) => {
    expect(await ask(...requestOf(route, amount))).toMatchObject({ status: 200 });
  });
});

const requestOf = (route: string, amount: string): [`POST /${string}`, { body: string }] => {
  const [call, body] = AMOUNT_REQUESTS[route]!(amount);
  return [call, { body }];
};

it('refused requests moved nothing, and a new account may start with no money', async () => {
  const failed = await database.rows("SELECT id FROM `transaction` WHERE status = 'failed'");
  expect(failed).toEqual([]);
  for (const amount of ZERO_AMOUNTS) {
    expect((await ask(...requestOf('initial balance', amount))).body).toMatchObject({ wallet: { amount: '0.00' } });
  }
});

it('crediting 0.1 thirty times gives 3', async () => {
  const { accountId } = await openTestAccount(ask);
  const body = `{"account_id":"${accountId}","amount":0.1}`;
  for (let count = 1; count <= 30; count++) expect((await ask('POST /transactions/credit', { body })).status).toBe(200);
  expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe('{"balance":3.00,"amount":"3.00"}');
});

it.each(['9999999999999999.99', '"9999999999999999.99"'])(
  '%s is exact to the cent wherever it is shown',
  async (amount) => {
    const { accountId, walletId } = await openTestAccount(ask);
    const call = `POST /api/v1/wallets/${walletId}/operation` as const;
    const deposit = await ask(call, { body: `{"operation_type":"DEPOSIT","amount":${amount}}` });
    expect(deposit.body).toMatchObject({ amount: '9999999999999999.99', status: 'SUCCESS' });
    expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe(
      '{"balance":9999999999999999.99,"amount":"9999999999999999.99"}',
    );
    expect((await ask(`GET /accounts/${accountId}/transactions`)).body).toMatchObject({
      items: [{ amount: '9999999999999999.99', balance_after: '9999999999999999.99' }],
    });
    expect((await ask(`GET /api/v1/wallets/${walletId}`)).body).toMatchObject({ balance: '9999999999999999.99' });
    const debit = await ask('POST /transactions/debit', { body: { account_id: accountId, amount: '0.01' } });
    expect(debit.text).toContain('"balance":9999999999999999.98,"amount":"9999999999999999.98"}');
    const lastDebit = await ask('POST /transactions/debit', {
      body: `{"account_id":"${accountId}","amount":9999999999999999.98}`,
    });
    expect(lastDebit.text).toContain('"balance":0.00,"amount":"0.00"}');
  },
);

it('an operation moves at most 9999999999999999.99', async () => {
  for (const amount of ['10000000000000000', '"10000000000000000.00"']) {
    const reply = await ask(...requestOf('deposit', amount));
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'INVALID_AMOUNT', detail: expect.stringContaining('9999999999999999.99') as string },
    });
  }
});

it('an account keeps every character of its name and reference', async () => {
  const body = { name: 'Æ 漢字 🛒 <b>', reference: `'; DROP TABLE account; -- ${randomUUID()}` };
  const reply = await ask('POST /accounts', { body });
  expect(reply.body).toMatchObject(body);
});
