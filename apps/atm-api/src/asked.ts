import { callerOf, type RouteDeclaration } from '@souk/contracts';
import { keyIdsOf, type RequestFacts } from '@souk/http';
import { randomUUID } from 'node:crypto';
import type { Submission } from './machine/commands';

/** The actor of a request, and where its outcome is kept: under its idempotency key if it has one. */
export interface Asked extends Pick<Submission, 'outcomeId' | 'claim'> {
  actor: string;
}

export function askedBy(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { idempotency, hasAdminKey }: RequestFacts,
): Asked {
  const actor = callerOf(route, input, { hasAdminKey });
  if (!idempotency) return { actor, outcomeId: randomUUID() };
  const { id, earlierIds } = keyIdsOf(route, input, idempotency.key, kindOf(route));
  return {
    actor,
    outcomeId: id.toString('base64url'),
    claim: { ...idempotency, earlierIds: earlierIds.map((earlierId) => earlierId.toString('base64url')) },
  };
}

/** The plain path of a machine and its path by name are one operation. Outcomes are kept per machine. */
const kindOf = ({ path }: RouteDeclaration) => path.slice(path.lastIndexOf('/') + 1);
