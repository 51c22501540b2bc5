import { callerOf, type RouteDeclaration } from '@souk/contracts';
import { keyIdsOf, type RequestFacts } from '@souk/http';
import type { Origin } from './ledger/decisions/commands';
import type { IdempotencyKey } from './ledger/idempotency';

/** The input shared by all use cases that change something: the caller and its idempotency key. */
export interface RequestOrigin extends Origin {
  /** Only if the caller sent one. Repeating the key returns the first result, with `isReplay`. */
  idempotency?: IdempotencyKey;
}

export function requestOriginOf(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { correlationId, idempotency, caller }: RequestFacts,
): RequestOrigin {
  const origin = { actor: callerOf(route, input, caller), correlationId };
  if (!idempotency) return origin;
  const { id, earlierIds } = keyIdsOf(route, input, { key: idempotency.key, owner: caller.owner });
  const key = {
    id: id.toString('hex'),
    earlierIds: earlierIds.map((earlierId) => earlierId.toString('hex')),
    fingerprint: idempotency.fingerprint,
  };
  return { ...origin, idempotency: key };
}
