import { z } from 'zod';
import { MACHINE_ROUTES } from '../atm/atm-routes';
import { CART_API_ROUTES } from '../cart/cart-api';
import { NOTIFICATION_ROUTES } from '../monitoring/notification-routes';
import { redeliverRoute } from '../monitoring/webhook-routes';
import { createAccountRoute, creditRoute } from '../wallet/wallet-account-routes';
import { WALLET_API_ROUTES } from '../wallet/wallet-api';
import { createWalletRoute } from '../wallet/wallet-operation-routes';
import { replenishRoute, transferRoute } from '../wallet/wallet-transfer-routes';
import { ADMIN_CALLER, callerOf, isKeyLongEnough, keyScopeOf, UNNAMED_CALLER } from './caller';
import { declareRoute } from './route';

const common = {
  operationId: 'pay',
  method: 'post',
  path: '/pay',
  tag: 'Pay',
  summary: 'Pays',
  access: { scope: 'wallet:write', customers: 'own', limit: 'money' },
  responses: {},
} as const;
const body = z.object({ from: z.string() });
const accountRoute = declareRoute({ ...common, body, actsFor: (input) => ({ kind: 'account', id: input.body.from }) });
const walletRoute = declareRoute({ ...common, body, actsFor: (input) => ({ kind: 'wallet', id: input.body.from }) });
const machineRoute = declareRoute({ ...common, body, actsFor: (input) => ({ kind: 'machine', id: input.body.from }) });
const unownedRoute = declareRoute(common);

const inputFrom = (from: string) => ({ params: {}, body: { from } });

describe('the actor', () => {
  test('is the one that the credentials name, whatever the request acts for', () => {
    for (const route of [accountRoute, walletRoute, machineRoute, unownedRoute]) {
      expect(callerOf(route, inputFrom('a'), { actor: ADMIN_CALLER })).toBe(ADMIN_CALLER);
    }
  });

  test('is the account or wallet that the request acts for if the credentials name none', () => {
    expect(callerOf(accountRoute, inputFrom('a'), {})).toBe('account:a');
    expect(callerOf(walletRoute, inputFrom('a'), {})).toBe('wallet:a');
    expect(callerOf(machineRoute, inputFrom('a'), {})).toBe(UNNAMED_CALLER);
    expect(callerOf(unownedRoute, inputFrom('a'), {})).toBe(UNNAMED_CALLER);
  });

  test('never has the same name as another actor', () => {
    for (const id of [ADMIN_CALLER, UNNAMED_CALLER, 'wallet:a']) {
      const caller = callerOf(accountRoute, inputFrom(id), {});
      expect([ADMIN_CALLER, UNNAMED_CALLER, 'wallet:a']).not.toContain(caller);
    }
  });
});

describe('the scope of an idempotency key', () => {
  const [mainMachine, anyMachine] = MACHINE_ROUTES as [(typeof MACHINE_ROUTES)[0], (typeof MACHINE_ROUTES)[0]];
  test.each([
    ['a credit', creditRoute, {}, { account_id: 'a' }, 'account:a', 'credit', ['admin-key']],
    ['a replenishment', replenishRoute, { id: 'w' }, {}, 'wallet:w', 'replenish w', ['admin-key']],
    ['a transfer', transferRoute, {}, { from_wallet_id: 'w' }, 'wallet:w', 'transfer', ['admin-key']],
    [
      'an account with a reference',
      ...([createAccountRoute, {}, { reference: 'r' }] as const),
      ...(['reference:r', 'createAccount', ['nobody', 'admin-key']] as const),
    ],
    [
      'an account without a reference',
      createAccountRoute,
      {},
      {},
      'no-party',
      'createAccount',
      ['nobody', 'admin-key'],
    ],
    ['a wallet', createWalletRoute, {}, undefined, 'no-party', 'createWallet', ['nobody', 'admin-key']],
    ['cash', mainMachine.withdrawal, {}, {}, 'no-party', 'withdraw', ['nobody', 'admin-key']],
    ['cash of an account', mainMachine.withdrawal, {}, { account_id: 'a' }, 'account:a', 'withdraw', ['admin-key']],
    ['a refill', mainMachine.refill, {}, {}, 'machine:main', 'refill', ['nobody', 'admin-key']],
    [
      'a refill by name',
      ...([anyMachine.refill, { machineID: 'x' }, {}] as const),
      ...(['machine:x', 'refillOfMachine x', ['nobody', 'admin-key']] as const),
    ],
    [
      'a redelivery',
      ...([redeliverRoute, { id: 'a', delivery_id: 'd' }, undefined] as const),
      ...(['webhook:a', 'redeliver a d', ['nobody', 'admin-key']] as const),
    ],
  ])('consists of party, operation and key: %s', (_case, route, params, sent, party, operation, earlier) => {
    expect(keyScopeOf(route, { params, body: sent }, { key: 'k' })).toEqual({
      own: [party, operation, 'k'],
      earlier: earlier.map((caller) => [caller, operation, 'k']),
    });
  });

  test('includes the owner of the credentials only if the request acts for no party', () => {
    const scopeWith = (owner: string | undefined, sent: object) =>
      keyScopeOf(createAccountRoute, { params: {}, body: sent }, { key: 'k', owner });
    expect(scopeWith('key:shop', {}).own).toEqual(['no-party', 'key:shop', 'createAccount', 'k']);
    expect(scopeWith('key:shop', { reference: 'r' })).toEqual(scopeWith(undefined, { reference: 'r' }));
  });

  test('is found where a request without an owner stored it', () => {
    const scopeWith = (owner?: string) => keyScopeOf(createAccountRoute, { params: {}, body: {} }, { key: 'k', owner });
    const { own, earlier } = scopeWith();
    expect(scopeWith('key:shop').earlier).toEqual([own, ...earlier]);
  });

  test('can name an operation that two routes share', () => {
    expect(keyScopeOf(accountRoute, inputFrom('a'), { key: 'k' }, 'either').own).toEqual(['account:a', 'either', 'k']);
  });

  test('is declared by every route that takes a key', () => {
    const machineRoutes = MACHINE_ROUTES.flatMap((routes) => Object.values(routes));
    const allRoutes = [...CART_API_ROUTES, ...WALLET_API_ROUTES, ...NOTIFICATION_ROUTES, ...machineRoutes];
    const keyedRoutes = allRoutes.filter(({ isIdempotent }) => isIdempotent);
    expect(keyedRoutes.length).toBeGreaterThanOrEqual(17);
    expect(keyedRoutes.filter(({ actsFor }) => !actsFor)).toEqual([]);
    const routesWithoutParty = keyedRoutes.filter(({ actsForNoOneWhen }) => actsForNoOneWhen !== undefined);
    expect(routesWithoutParty.map(({ operationId }) => operationId).sort()).toEqual([
      'createAccount',
      'createWallet',
      'withdraw',
      'withdrawOfMachine',
    ]);
  });

  test.each([
    ['a party', creditRoute, { account_id: 'a' }, 1],
    ['a new account with a reference', createAccountRoute, { reference: 'r' }, 1],
    ['a new account without a reference', createAccountRoute, {}, 16],
    ['a new wallet', createWalletRoute, undefined, 16],
    ['cash', MACHINE_ROUTES[0]!.withdrawal, {}, 16],
  ])('determines the minimum length of the key: %s', (_case, route, sent, lengthMin) => {
    const input = { params: {}, body: sent };
    expect(isKeyLongEnough(route, input, 'k'.repeat(lengthMin))).toBe(true);
    if (lengthMin > 1) expect(isKeyLongEnough(route, input, 'k'.repeat(lengthMin - 1))).toBe(false);
  });
});
