import { callerOf, type RouteDeclaration } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { digestOf } from '@souk/service';
import { randomUUID } from 'node:crypto';
import type { Submission } from './machine/commands';

/** Who asks, and where the outcome is kept: under the key where one was sent. */
export interface Asked extends Pick<Submission, 'outcomeId' | 'claim'> {
  actor: string;
}

/** A key is its caller's, on its route, at its machine: the same key of somebody else is another one. */
export function askedBy(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { idempotency, hasAdminKey }: RequestFacts,
): Asked {
  const actor = callerOf(route, input, { hasAdminKey });
  if (!idempotency) return { actor, outcomeId: randomUUID() };
  // The machine is where it is kept.
  const scope = digestOf(actor, kindOf(route), idempotency.key);
  return { actor, outcomeId: scope.toString('base64url'), claim: idempotency };
}

/** The plain path of a machine and its path by name are one route. */
const kindOf = ({ path }: RouteDeclaration) => path.slice(path.lastIndexOf('/') + 1);
