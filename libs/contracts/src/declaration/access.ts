/** What the holder of an API key may do. */
export const SCOPES = [
  'shop:read',
  'shop:write',
  'shop:admin',
  'wallet:read',
  'wallet:write',
  'wallet:admin',
  'atm:use',
  'atm:admin',
  'monitoring:read',
  'monitoring:admin',
  'operator',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes of one area, from the narrowest to the widest: each includes those before it. */
const AREAS: readonly (readonly Scope[])[] = [
  ['shop:read', 'shop:write', 'shop:admin'],
  ['wallet:read', 'wallet:write', 'wallet:admin'],
  ['atm:use', 'atm:admin'],
  ['monitoring:read', 'monitoring:admin'],
];

/** The scopes that an administrator has: everything but managing keys. */
export const ADMIN_SCOPES: readonly Scope[] = AREAS.map((scopes) => scopes.at(-1)!);

/** @returns whether one of the granted scopes is the wanted one or includes it */
export function grantsScope(granted: readonly Scope[], wanted: Scope): boolean {
  const area = AREAS.find((scopes) => scopes.includes(wanted)) ?? [wanted];
  return area.slice(area.indexOf(wanted)).some((scope) => granted.includes(scope));
}

/** Classes of routes; a caller has a limit of requests for each of them. */
export const LIMIT_CLASSES = ['read', 'cart', 'checkout', 'money', 'admin'] as const;
export type LimitClass = (typeof LIMIT_CLASSES)[number];

/** A condition that only some bodies meet. */
interface BodyCondition<Body> {
  /** The condition in words, to follow "when". */
  when: string;
  holds(body: Body): boolean;
}

/** Who may call a route. */
export interface RouteAccess<Body = unknown> {
  /** The scope that an API key needs. */
  scope: Scope;
  /** Bodies for which an API key needs the admin scope of the same area, and which no customer may send. */
  adminBodies?: BodyCondition<Body>;
  /**
   * What a customer may do with a token. `none`: nothing. `all`: everything, because the route names nothing that belongs to
   * a customer. `own`: only requests whose party (see `actsFor`) is the customer.
   */
  customers: 'none' | 'own' | 'all';
  /** The limit that a request counts towards. */
  limit: LimitClass;
}

/** @returns the scope that an API key needs for a request with this body */
export function scopeFor<Body>({ scope, adminBodies }: RouteAccess<Body>, body: Body): Scope {
  return adminBodies?.holds(body) ? adminScopeOf(scope) : scope;
}

/** @returns the scope that some bodies or all of them need, if it is an admin scope */
export function adminScopeIn({ scope, adminBodies }: RouteAccess<never>): Scope | undefined {
  if (adminBodies) return adminScopeOf(scope);
  return ADMIN_SCOPES.includes(scope) ? scope : undefined;
}

const adminScopeOf = (scope: Scope): Scope => AREAS.find((scopes) => scopes.includes(scope))?.at(-1) ?? scope;
