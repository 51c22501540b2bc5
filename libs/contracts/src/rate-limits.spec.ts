import {
  CART_API_ROUTES,
  MACHINE_ROUTES,
  MONITORING_API_ROUTES,
  WALLET_API_ROUTES,
  type RouteDeclaration,
} from './index';

test('a request counts as `read` if and only if it only reads', () => {
  const routes: RouteDeclaration[] = [
    ...CART_API_ROUTES,
    ...WALLET_API_ROUTES,
    ...MONITORING_API_ROUTES,
    ...MACHINE_ROUTES.flatMap((machine) => Object.values(machine)),
  ];
  const wrong = routes.filter(
    ({ method, changesOnGet = false, access }) => (method === 'get' && !changesOnGet) !== (access.limit === 'read'),
  );
  expect(wrong.map(({ operationId }) => operationId)).toEqual([]);
});
