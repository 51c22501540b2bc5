import type { Party, RouteDeclaration } from './route';

/** What the credentials of a request say about its caller. */
export interface Caller {
  /** Its name, if the credentials have one; at most 108 characters. */
  actor?: string | undefined;
  /**
   * The owner of the key or token, where access is closed. It scopes the idempotency keys of requests that act for no party, and
   * stays the same when a key is rotated.
   */
  owner?: string | undefined;
}

/** The actor of a request with `ADMIN_API_KEY`. It stays the same when the key changes. */
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
 * The actor to record for a request: the one that its credentials name; otherwise the account or wallet that the request acts
 * for. The actor isn't part of an idempotency key's scope: see `keyScopeOf`.
 * @returns at most 108 characters
 */
export function callerOf(route: RouteDeclaration, input: CallerInput, { actor }: Caller): string {
  if (actor !== undefined) return actor;
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
 * authenticated. A retry that adds or drops an API key is the same request. Only a request that acts for no party is scoped by the
 * owner of its credentials.
 * @param operation distinguishes one party's operations; by default the route with all its path parameters
 */
export function keyScopeOf(
  route: RouteDeclaration,
  input: CallerInput,
  { key, owner }: { key: string; owner?: string | undefined },
  operation: string = operationOf(route, input),
): KeyScope {
  const party = partyOf(route, input);
  const name = party ? nameOf(party) : NO_PARTY;
  const own = party || owner === undefined ? [name, operation, key] : [name, owner, operation, key];
  // Without the owner: as stored by releases that knew no owners, and while access was open.
  const callers = [name, callerOf(route, input, {}), ADMIN_CALLER];
  const earlier = callers.map((caller) => [caller, operation, key]).filter((scope) => scope.join() !== own.join());
  return { own, earlier };
}

/** Minimum length of a key that belongs to no party, so that strangers' keys don't collide by chance. */
export const UNOWNED_KEY_LENGTH_MIN = 16;

/** @returns whether the key is acceptable: it belongs to a party, or is long enough to be unique */
export const isKeyLongEnough = (route: RouteDeclaration, input: CallerInput, key: string): boolean =>
  key.length >= UNOWNED_KEY_LENGTH_MIN || !route.actsFor || partyOf(route, input) !== undefined;

const operationOf = ({ operationId }: RouteDeclaration, { params }: CallerInput): string =>
  [operationId, ...Object.values(params as Record<string, string>)].join(' ');

const nameOf = ({ kind, id }: Party): string => `${kind}:${id}`;
