import { keyScopeOf, type RouteDeclaration } from '@souk/contracts';
import { digestOf } from '@souk/service';

/** The ids under which one use of an idempotency key is stored. */
interface KeyIds {
  id: Buffer;
  /** Ids that an earlier release may have used, or that a replica of it may be using now; see `KeyScope.earlier`. */
  earlierIds: Buffer[];
}

/**
 * @param operation as for `keyScopeOf`
 * @returns SHA-256 digests of the key's scopes
 */
export function keyIdsOf(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { key, owner }: { key: string; owner: string | undefined },
  operation?: string,
): KeyIds {
  const { own, earlier } = keyScopeOf(route, input, { key, owner }, operation);
  return { id: digestOf(...own), earlierIds: earlier.map((scope) => digestOf(...scope)) };
}
