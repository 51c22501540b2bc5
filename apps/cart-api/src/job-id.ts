import { digestOf, uuidOf } from '@souk/service';
import { randomUUID } from 'node:crypto';

/** What an idempotency key belongs to: the same key elsewhere is another one. */
export interface KeyScope {
  operationId: string;
  /** Whom the request acts for. */
  caller: string;
}

/**
 * Names a job. With a key the name follows from it, so that every repeat names the same job and the consumer's inbox
 * decides; without one it is new, and ordered by time, which keeps inserts at the end of an index.
 */
export function jobIdOf({ operationId, caller }: KeyScope, key: string | undefined): string {
  if (key === undefined) return timeOrderedId();
  return uuidOf(digestOf(operationId, caller, key));
}

/** UUID version 7. Source: RFC 9562, 5.7. */
function timeOrderedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  // randomUUID draws from a pool that Node fills; randomBytes is a system call each time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
