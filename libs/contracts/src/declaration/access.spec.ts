import { adminScopeIn, grantsScope, scopeFor, SCOPES, type RouteAccess, type Scope } from './access';

test.each<[granted: Scope, included: Scope[]]>([
  ['shop:read', ['shop:read']],
  ['shop:write', ['shop:read', 'shop:write']],
  ['shop:admin', ['shop:read', 'shop:write', 'shop:admin']],
  ['wallet:write', ['wallet:read', 'wallet:write']],
  ['atm:admin', ['atm:use', 'atm:admin']],
  ['monitoring:admin', ['monitoring:read', 'monitoring:admin']],
  ['operator', ['operator']],
])('%s includes %j and nothing else', (granted, included) => {
  expect(SCOPES.filter((scope) => grantsScope([granted], scope))).toEqual(included);
});

test('several scopes add up, and none grant nothing', () => {
  expect(grantsScope(['shop:read', 'wallet:admin'], 'wallet:read')).toBe(true);
  expect(grantsScope(['shop:read', 'wallet:admin'], 'shop:write')).toBe(false);
  expect(SCOPES.filter((scope) => grantsScope([], scope))).toEqual([]);
});

test('some bodies need the admin scope of the same area', () => {
  const access: RouteAccess<string> = {
    scope: 'wallet:write',
    adminBodies: { when: 'it is `DEPOSIT`', holds: (body) => body === 'DEPOSIT' },
    customers: 'own',
    limit: 'money',
  };
  expect(scopeFor(access, 'DEPOSIT')).toBe('wallet:admin');
  expect(scopeFor(access, 'WITHDRAW')).toBe('wallet:write');
  expect(adminScopeIn(access)).toBe('wallet:admin');
  expect(adminScopeIn({ scope: 'wallet:write', customers: 'own', limit: 'money' })).toBeUndefined();
  expect(adminScopeIn({ scope: 'shop:admin', customers: 'none', limit: 'money' })).toBe('shop:admin');
});
