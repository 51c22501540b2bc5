import type { Principal } from '@souk/access';
import { declareRoute, SCOPES, type RouteAccess, type Scope } from '@souk/contracts';
import { z } from 'zod';
import { checkInput, checkMetricsReader, checkRoute } from './permission';

const routeWith = (access: RouteAccess) =>
  declareRoute({
    ...({ operationId: 'pay', method: 'post', path: '/pay', tag: 'Pay', summary: 'Pays', responses: {} } as const),
    body: z.object({ from: z.string().optional(), kind: z.string() }),
    access,
    actsFor: ({ body: { from } }) => (from === undefined ? undefined : { kind: 'account', id: from }),
  });
const payRoute = routeWith({
  scope: 'wallet:write',
  adminBodies: { when: '`kind` is `create`', holds: (body) => (body as { kind: string }).kind === 'create' },
  customers: 'own',
  limit: 'money',
});
const adminRoute = routeWith({ scope: 'wallet:admin', customers: 'none', limit: 'admin' });
const catalogRoute = routeWith({ scope: 'shop:read', customers: 'all', limit: 'read' });

const keyWith = (...scopes: Scope[]): Principal => ({ kind: 'key', actor: 'key:k', scopes });
const stranger: Principal = { kind: 'anonymous', scopes: [] };
const customer: Principal = { kind: 'customer', clientID: 'alice', accounts: [], subject: 'alice' };

/** @returns `allowed`, or the kind of the refusal */
async function outcome(
  principal: Principal,
  route = payRoute,
  body: { from?: string; kind: string } = { kind: 'move' },
) {
  try {
    checkRoute(principal, route);
    await checkInput(principal, route, { params: {}, query: {}, body }, (_customer, party) => party.id === 'own');
    return 'allowed';
  } catch (error) {
    return (error as { kind: string }).kind;
  }
}

test('a key needs the scope of the route, or a wider one', async () => {
  expect(await outcome(keyWith('wallet:write'))).toBe('allowed');
  expect(await outcome(keyWith('wallet:admin'))).toBe('allowed');
  expect(await outcome(keyWith('wallet:read', 'shop:admin'))).toBe('forbidden');
});

test('some bodies need the admin scope', async () => {
  expect(await outcome(keyWith('wallet:write'), payRoute, { kind: 'create' })).toBe('forbidden');
  expect(await outcome(keyWith('wallet:admin'), payRoute, { kind: 'create' })).toBe('allowed');
  expect(await outcome(customer, payRoute, { from: 'own', kind: 'create' })).toBe('forbidden');
});

test('a caller without credentials may do what its mode allows', async () => {
  expect(await outcome(stranger)).toBe('unauthenticated');
  expect(await outcome({ kind: 'anonymous', scopes: ['wallet:write'] })).toBe('allowed');
  expect(await outcome({ kind: 'anonymous', scopes: ['wallet:write'] }, adminRoute)).toBe('unauthenticated');
});

test('a customer may act only for what is its own, unless the route names nothing that belongs to anyone', async () => {
  expect(await outcome(customer, payRoute, { from: 'own', kind: 'move' })).toBe('allowed');
  expect(await outcome(customer, payRoute, { from: 'other', kind: 'move' })).toBe('forbidden');
  expect(await outcome(customer, payRoute, { kind: 'move' })).toBe('forbidden');
  expect(await outcome(customer, adminRoute, { from: 'own', kind: 'move' })).toBe('forbidden');
  expect(await outcome(customer, catalogRoute)).toBe('allowed');
});

test('closed metrics are for API keys with the scope monitoring:read', () => {
  for (const scope of ['monitoring:read', 'monitoring:admin'] as const) {
    expect(() => checkMetricsReader(keyWith(scope))).not.toThrow();
  }
  expect(() => checkMetricsReader(keyWith('shop:admin'))).toThrow('lacks the scope monitoring:read');
  expect(() => checkMetricsReader(customer)).toThrow('Customers may not do this');
  for (const scopes of [[], SCOPES]) {
    expect(() => checkMetricsReader({ kind: 'anonymous', scopes })).toThrow('An API key is required');
  }
});
