import type { Party, RouteDeclaration } from './route';

/** The actor of a request with the admin key. It stays the same when the key changes. */
export const ADMIN_CALLER = 'admin-key';
/** The actor of a request that names neither an account nor a wallet. */
export const UNNAMED_CALLER = 'nobody';

/** The parts of a request that name its caller. */
interface CallerInput {
  params: unknown;
  query?: unknown;
  body: unknown;
}

/** @returns the party that a request acts for, or `undefined` if it names none */
export const partyOf = (route: RouteDeclaration, input: CallerInput): Party | undefined =>
  route.actsFor?.({ query: {}, ...input });

const PAYING_KINDS: ReadonlySet<Party['kind']> = new Set<Party['kind']>(['account', 'wallet']);

/**
 * The actor to record for a request: the admin key if it was verified; otherwise the account or wallet that the request
 * acts for. No two actors have the same name. The actor isn't part of an idempotency key's scope: see `keyScopeOf`.
 * @returns at most 108 characters
 */
export function callerOf(
  route: RouteDeclaration,
  input: CallerInput,
  { hasAdminKey }: { hasAdminKey: boolean },
): string {
  if (hasAdminKey) return ADMIN_CALLER;
  const party = partyOf(route, input);
  return party && PAYING_KINDS.has(party.kind) ? nameOf(party) : UNNAMED_CALLER;
}

/**
 * The scope of a request that acts for no party. Must differ from `UNNAMED_CALLER`, which earlier releases also used for other
 * requests.
 */
const NO_PARTY = 'no-party';

/** The scopes of an idempotency key. Each scope is a list of texts to hash together. */
interface KeyScope {
  /** Party, operation and key. */
  own: readonly string[];
  /**
   * Scopes under which an earlier release may have stored the same request. They contained the caller's identity, so
   * requests of different parties may share one. An entry with another fingerprint is still refused as a mismatch: refusing is
   * safe, a second effect isn't.
   */
  earlier: readonly (readonly string[])[];
}

/**
 * The scope of an idempotency key: the party that the request acts for, the operation and the key, but never how the caller
 * authenticated. A retry that adds or drops an API key is the same request.
 * @param operation distinguishes one party's operations; by default the route with all its path parameters
 */
export function keyScopeOf(
  route: RouteDeclaration,
  input: CallerInput,
  key: string,
  operation: string = operationOf(route, input),
): KeyScope {
  const party = partyOf(route, input);
  const own = party ? nameOf(party) : NO_PARTY;
  const callers = [callerOf(route, input, { hasAdminKey: false }), ADMIN_CALLER].filter((caller) => caller !== own);
  return { own: [own, operation, key], earlier: callers.map((caller) => [caller, operation, key]) };
}

/** Minimum length of a key that belongs to no party, so that strangers' keys don't collide by chance. */
export const UNOWNED_KEY_LENGTH_MIN = 16;

/** @returns whether the key is acceptable: it belongs to a party, or is long enough to be unique */
export const isKeyLongEnough = (route: RouteDeclaration, input: CallerInput, key: string): boolean =>
  key.length >= UNOWNED_KEY_LENGTH_MIN || !route.actsFor || partyOf(route, input) !== undefined;

const operationOf = ({ operationId }: RouteDeclaration, { params }: CallerInput): string =>
  [operationId, ...Object.values(params as Record<string, string>)].join(' ');

const nameOf = ({ kind, id }: Party): string => `${kind}:${id}`;
