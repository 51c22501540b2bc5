import { callerOf, type RouteDeclaration } from '@souk/contracts';
import { keyIdsOf, type RequestFacts } from '@souk/http';
import { randomUUID } from 'node:crypto';
import type { Submission } from './machine/commands';

/** A request's actor, and where its outcome is stored: under its idempotency key if it has one. */
export interface RequestIdentity extends Pick<Submission, 'outcomeId' | 'claim'> {
  actor: string;
}

export function requestIdentityOf(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { idempotency, caller }: RequestFacts,
): RequestIdentity {
  const actor = callerOf(route, input, caller);
  if (!idempotency) return { actor, outcomeId: randomUUID() };
  const { id, earlierIds } = keyIdsOf(route, input, { key: idempotency.key, owner: caller.owner }, kindOf(route));
  return {
    actor,
    outcomeId: id.toString('base64url'),
    claim: { ...idempotency, earlierIds: earlierIds.map((earlierId) => earlierId.toString('base64url')) },
  };
}

/** A path with a machine id is the same operation as the path without one. Outcomes are stored per machine. */
const kindOf = ({ path }: RouteDeclaration) => path.slice(path.lastIndexOf('/') + 1);
