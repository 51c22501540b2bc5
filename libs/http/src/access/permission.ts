import type { Customer, Principal } from '@souk/access';
import {
  grantsScope,
  partyOf,
  scopeFor,
  type Party,
  type RouteDeclaration,
  type RouteInput,
  type Scope,
} from '@souk/contracts';
import { AppError } from '@souk/service';

/** Whether a customer may act for a party. */
export type IsOwn = (customer: Customer, party: Party) => boolean | Promise<boolean>;

/**
 * Checks, before the input is read, that the caller may use a route at all.
 * @throws AppError `unauthenticated` or `forbidden`
 */
export function checkRoute(principal: Principal, { access }: RouteDeclaration): void {
  if (principal.kind !== 'customer') requireScope(principal, access.scope);
  else if (access.customers === 'none') throw forbidden('Customers may not do this');
}

/** @throws AppError `unauthenticated` or `forbidden` if the caller may not read the metrics */
export function checkMetricsReader(principal: Principal): void {
  if (principal.kind === 'customer') throw forbidden('Customers may not do this');
  // Where access is open, too: someone has closed the metrics on purpose.
  if (principal.kind === 'anonymous') throw new AppError('unauthenticated', 'UNAUTHORIZED', 'An API key is required');
  requireScope(principal, 'monitoring:read');
}

/**
 * Checks that the caller may use a route with this input.
 * @throws AppError `unauthenticated`, `forbidden`, or what `isOwn` throws
 */
export async function checkInput<Route extends RouteDeclaration>(
  principal: Principal,
  route: Route,
  input: RouteInput<Route>,
  isOwn: IsOwn,
): Promise<void> {
  const { access } = route;
  if (principal.kind !== 'customer') return requireScope(principal, scopeFor(access, input.body));
  if (access.adminBodies?.holds(input.body)) {
    throw forbidden(`Customers may not do this when ${access.adminBodies.when}`);
  }
  if (access.customers !== 'own') return;
  const party = partyOf(route, input);
  if (!party) throw forbidden('Customers may act only for themselves, and this request names no customer');
  if (!(await isOwn(principal, party))) throw forbidden(`The ${party.kind} belongs to someone else`);
}

const KEYS_NOT_MANAGED = 'API keys can be managed here only where access is closed; use ./setup.sh keys';

function requireScope(principal: Exclude<Principal, Customer>, scope: Scope): void {
  if (grantsScope(principal.scopes, scope)) return;
  if (principal.kind === 'key') throw forbidden(`The API key lacks the scope ${scope}`);
  const isOpen = principal.scopes.length > 0;
  if (isOpen && scope === 'operator') throw forbidden(KEYS_NOT_MANAGED);
  const message = isOpen ? 'X-API-Key is missing or wrong' : 'An API key or a token is required';
  throw new AppError('unauthenticated', 'UNAUTHORIZED', message);
}

const forbidden = (message: string) => new AppError('forbidden', 'FORBIDDEN', message);
