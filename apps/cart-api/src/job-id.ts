import { digestOf, timeOrderedId, uuidOf } from '@souk/service';

/** The scope of an idempotency key. The same key in another scope counts as a different key. */
interface KeyScope {
  operationId: string;
  /** The client, order or product that the request acts for. */
  actsFor: string;
}

/**
 * Returns the id of a job. With a key, the id is derived from the scope and the key, so a repeat has the same id and the
 * consumer's inbox recognises it. Without a key, the id is new and time-ordered, which keeps inserts at the end of an index.
 */
export function jobIdOf({ operationId, actsFor }: KeyScope, key: string | undefined): string {
  if (key === undefined) return timeOrderedId();
  return uuidOf(digestOf(operationId, actsFor, key));
}
