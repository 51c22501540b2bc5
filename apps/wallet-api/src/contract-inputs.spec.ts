import { createOpenAccess } from '@souk/access';
import { WALLET_API_DESCRIPTION, WALLET_API_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { createHttpApp, problemFailures, type HttpApp } from '@souk/http';
import { createLogger, createMetrics } from '@souk/service';

/** Serves the routes of the wallet's contract; each responds with its operation id and its input as it was read. */
let app: HttpApp;

beforeAll(async () => {
  app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: WALLET_API_DESCRIPTION,
    format: problemFailures,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    checks: {},
    access: createOpenAccess(undefined, createLogger('test', 'silent')),
    corsOrigins: [],
    inFlightMax: 100,
  });
  const routes: readonly RouteDeclaration[] = WALLET_API_ROUTES;
  for (const route of routes) {
    app.bind(route, ({ params, query, body }) => {
      const input = JSON.stringify({ params, query, body }, (_key, value: unknown) =>
        typeof value === 'bigint' ? `${value} cents` : value,
      );
      return Promise.resolve({
        status: 200,
        body: { operationId: route.operationId, input: JSON.parse(input) as unknown },
      });
    });
  }
  await app.start();
});
afterAll(() => app.stop());

const call = async (method: string, path: string, body?: string) => {
  const response = await fetch(`http://127.0.0.1:${app.port()}${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};

const MOVE = '{"account_id":"a","amount":1}';

test.each([
  ['POST', '/accounts', '{}', 'createAccount'],
  ['GET', '/accounts/a', undefined, 'getAccount'],
  ['GET', '/accounts/a/balance', undefined, 'getBalance'],
  ['GET', '/accounts/a/transactions', undefined, 'listAccountTransactions'],
  ['POST', '/transactions/credit', MOVE, 'credit'],
  ['POST', '/transactions/debit', MOVE, 'debit'],
  ['POST', '/wallets/w/replenish', '{"amount":"1"}', 'replenish'],
  ['POST', '/transfers', '{"from_wallet_id":"w","to_wallet_id":"v","amount":"1"}', 'transfer'],
  ['POST', '/api/v1/wallets', undefined, 'createWallet'],
  ['GET', '/api/v1/wallets/w', undefined, 'getWallet'],
  ['POST', '/api/v1/wallets/w/operation', '{"operation_type":"DEPOSIT","amount":"1"}', 'walletOperation'],
])('%s %s is the same with a trailing slash', async (method, path, body, operationId) => {
  expect(await call(method, path, body)).toMatchObject({ status: 200, operationId });
  expect(await call(method, `${path}/`, body)).toMatchObject({ status: 200, operationId });
});

test('an amount is exact to the cent, as a number and as a string', async () => {
  for (const amount of ['9999999999999999.99', '"9999999999999999.99"']) {
    const answer = await call('POST', '/transactions/credit', `{"account_id":"a","amount":${amount}}`);
    expect(answer).toMatchObject({ input: { body: { amount: '999999999999999999 cents' } } });
  }
});

test.each(['".5"', '"+1"', '1e2', '1.000', '1.001', '""', 'true', '[]', '"NaN"', '-1', '0', '"0.00"', 'null'])(
  'the amount %s gets 422 INVALID_AMOUNT, and the answer names the field',
  async (amount) => {
    expect(await call('POST', '/wallets/w/replenish', `{"amount":${amount}}`)).toMatchObject({
      status: 422,
      code: 'INVALID_AMOUNT',
      fields: [{ field: 'amount' }],
    });
  },
);

test.each([
  ['POST', '/transactions/debit', '{"amount":1}', 422, 'INVALID_REQUEST'],
  ['POST', '/transactions/debit', '{"amount":0}', 422, 'INVALID_REQUEST'],
  ['POST', '/transactions/debit', '{"account_id":1,"amount":1}', 422, 'INVALID_REQUEST'],
  ['POST', '/transactions/debit', '{"account_id":"a","amount":NaN}', 422, 'INVALID_AMOUNT'],
  ['POST', '/transactions/debit', '{"account_id":"a","amount":-Infinity}', 422, 'INVALID_AMOUNT'],
  ['POST', '/transfers', '{"from_wallet_id":"w","to_wallet_id":"w","amount":1}', 422, 'SAME_WALLET'],
  ['POST', '/accounts', '{"initial_balance":"-1"}', 422, 'INVALID_AMOUNT'],
  ['POST', '/accounts', '{"name":"a\\u0000"}', 422, 'INVALID_REQUEST'],
  ['POST', '/accounts', '[]', 400, 'INVALID_REQUEST'],
  ['GET', '/accounts/a/balance?at=', undefined, 422, 'INVALID_REQUEST'],
  ['GET', '/accounts/a/transactions?limit=501', undefined, 422, 'INVALID_REQUEST'],
])('%s %s %s gets %i %s', async (method, path, body, status, code) => {
  expect(await call(method, path, body)).toMatchObject({ status, code, detail: expect.any(String) as string });
});

test('an account may start with a balance of zero, and a moment may have an offset', async () => {
  const opened = await call('POST', '/accounts', '{"name":null,"initial_balance":0,"currency":"USD"}');
  expect(opened).toMatchObject({ status: 200, input: { body: { initial_balance: '0 cents' } } });
  const balance = await call('GET', '/accounts/a/balance?at=2026-01-31T12:00:00+02:00');
  expect(balance).toMatchObject({ input: { query: { at: '2026-01-31T10:00:00.000000Z' } } });
});
