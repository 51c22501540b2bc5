import { LosslessNumber } from 'lossless-json';
import { z } from 'zod';
import { adminScopeIn, scopeFor } from '../declaration/access';
import { callerOf } from '../declaration/caller';
import type { RouteDeclaration } from '../declaration/route';
import { createAccountRoute } from './wallet-account-routes';
import { WALLET_API_ROUTES } from './wallet-api';
import { WALLET_FAILURES } from './wallet-failures';
import { walletOperationRoute } from './wallet-operation-routes';
import { transferRoute } from './wallet-transfer-routes';

const routes: readonly RouteDeclaration[] = WALLET_API_ROUTES;
const routeOf = (operationId: string) => routes.find((route) => route.operationId === operationId)!;
const takesBody = ({ body }: RouteDeclaration) => !(body instanceof z.ZodUndefined);

test.each([
  ['createAccount', 'post', '/accounts', ['REFERENCE_TAKEN', 'INVALID_AMOUNT']],
  ['listAccounts', 'get', '/accounts', []],
  ['getAccount', 'get', '/accounts/:id', ['ACCOUNT_NOT_FOUND']],
  ['getBalance', 'get', '/accounts/:id/balance', ['ACCOUNT_NOT_FOUND']],
  ['listAccountTransactions', 'get', '/accounts/:id/transactions', ['ACCOUNT_NOT_FOUND']],
  ['credit', 'post', '/transactions/credit', ['ACCOUNT_NOT_FOUND', 'INVALID_AMOUNT', 'BALANCE_LIMIT']],
  ['debit', 'post', '/transactions/debit', ['INSUFFICIENT_FUNDS', 'ACCOUNT_NOT_FOUND', 'INVALID_AMOUNT']],
  ['replenish', 'post', '/wallets/:id/replenish', ['WALLET_NOT_FOUND', 'INVALID_AMOUNT', 'BALANCE_LIMIT']],
  [
    'transfer',
    'post',
    '/transfers',
    ['INSUFFICIENT_FUNDS', 'WALLET_NOT_FOUND', 'SAME_WALLET', 'INVALID_AMOUNT', 'BALANCE_LIMIT'],
  ],
  ['createWallet', 'post', '/api/v1/wallets/', []],
  ['getWallet', 'get', '/api/v1/wallets/:wallet_id', ['WALLET_NOT_FOUND']],
  [
    'walletOperation',
    'post',
    '/api/v1/wallets/:wallet_id/operation',
    ['INSUFFICIENT_FUNDS', 'WALLET_NOT_FOUND', 'INVALID_AMOUNT', 'BALANCE_LIMIT'],
  ],
])('%s is %s %s and declares its refusals', (operationId, method, path, codes) => {
  const route = routeOf(operationId);
  expect([route.method, route.path]).toEqual([method, path]);
  for (const code of codes) {
    const { status } = Object.values(WALLET_FAILURES).find((failure) => failure.code === code)!;
    expect([code, route.responses[status]?.description]).toEqual([code, expect.stringContaining(code)]);
  }
});

test('every POST takes an idempotency key, and no other route does', () => {
  for (const { operationId, method, isIdempotent = false } of routes) {
    expect([operationId, isIdempotent]).toEqual([operationId, method === 'post']);
  }
});

test('the failures have the promised statuses', () => {
  const statuses = Object.values(WALLET_FAILURES).map(({ code, status }) => `${code} ${status}`);
  expect(statuses).toEqual(
    expect.arrayContaining([
      'INSUFFICIENT_FUNDS 400',
      'ACCOUNT_NOT_FOUND 404',
      'WALLET_NOT_FOUND 404',
      'REFERENCE_TAKEN 409',
      'SAME_WALLET 422',
      'BALANCE_LIMIT 422',
      'INVALID_AMOUNT 422',
      'INVALID_REQUEST 422',
      'INVALID_REQUEST 400',
      'IDEMPOTENCY_MISMATCH 422',
      'IDEMPOTENCY_EXPIRED 409',
      'IDEMPOTENCY_IN_PROGRESS 409',
    ]),
  );
  expect(WALLET_FAILURES.walletNotFound.message).toBe('Wallet not found');
  expect(WALLET_FAILURES.insufficientFunds.message).toContain('Insufficient funds');
});

describe('the admin scope', () => {
  test.each(['credit', 'replenish'])('is required by %s, whatever the body', (operationId) => {
    expect(routeOf(operationId).access).toMatchObject({ scope: 'wallet:admin', customers: 'none' });
  });

  test.each([
    ['an account with an initial balance', createAccountRoute, { initial_balance: '1' }, true],
    [
      'an account with an explicit balance of zero',
      createAccountRoute,
      { initial_balance: new LosslessNumber('0') },
      true,
    ],
    ['an account without a balance', createAccountRoute, { name: 'Ada', reference: 'ada' }, false],
    ['a deposit', walletOperationRoute, { operation_type: 'DEPOSIT', amount: '1' }, true],
    ['a withdrawal', walletOperationRoute, { operation_type: 'WITHDRAW', amount: '1' }, false],
  ] as const)('is required or not, depending on the body: %s', (_case, route, body, isRequired) => {
    const { access, body: schema }: RouteDeclaration = route;
    expect(scopeFor(access, schema.parse(body))).toBe(isRequired ? 'wallet:admin' : 'wallet:write');
  });

  test('is required by no other route', () => {
    const openRoutes = routes.filter(({ access }) => !adminScopeIn(access)).map(({ operationId }) => operationId);
    expect(openRoutes).toEqual([
      'listAccounts',
      'getAccount',
      'getBalance',
      'listAccountTransactions',
      'debit',
      'transfer',
      'createWallet',
      'getWallet',
    ]);
  });
});

test.each([
  ['createAccount', {}, { reference: 'ada' }, 'nobody'],
  ['credit', {}, { account_id: 'a' }, 'account:a'],
  ['debit', {}, { account_id: 'a' }, 'account:a'],
  ['replenish', { id: 'w' }, {}, 'wallet:w'],
  ['transfer', {}, { from_wallet_id: 'w', to_wallet_id: 'v' }, 'wallet:w'],
  ['createWallet', {}, undefined, 'nobody'],
  ['walletOperation', { wallet_id: 'w' }, {}, 'wallet:w'],
])(
  'without the admin key, the caller of %s is the account or wallet that it acts for, or nobody',
  (operationId, params, body, caller) => {
    expect(callerOf(routeOf(operationId), { params, body }, {})).toBe(caller);
  },
);

test('a transfer to the same wallet is refused with its own code, before any lookup', () => {
  const body = { from_wallet_id: 'w', to_wallet_id: 'w', amount: '1' };
  expect(transferRoute.body.safeParse(body).error?.issues).toMatchObject([
    { path: ['to_wallet_id'], params: { code: 'SAME_WALLET' } },
  ]);
  expect(transferRoute.body.safeParse({ ...body, to_wallet_id: 'W' }).success).toBe(true);
});

test.each(['deposit', '', 'TRANSFER', 1, null, undefined])('%j is not an operation', (operation_type) => {
  const { error } = walletOperationRoute.body.safeParse({ operation_type, amount: '1' });
  expect(error?.issues.map(({ path }) => path)).toEqual([['operation_type']]);
});

test('the examples match the declarations', () => {
  for (const { body, example } of routes.filter(takesBody)) expect(body.safeParse(example).error).toBeUndefined();
  const declaredResponses = routes.flatMap(({ responses }) => Object.values(responses));
  const examples = declaredResponses.flatMap(({ body, examples = {} }) =>
    Object.values(examples).map((example) => [body, example]),
  );
  expect(examples.length).toBeGreaterThan(3);
  for (const [body, example] of examples) expect((body as z.ZodType).parse(example)).toEqual(example);
});
