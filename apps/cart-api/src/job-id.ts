import { digestOf, timeOrderedId, uuidOf } from '@souk/service';

/** The scope of an idempotency key: the same key in another scope is a different key. */
interface KeyScope {
  operationId: string;
  /** The client, order or product that the request acts for. */
  actsFor: string;
}

/**
 * Returns the id of a job. With a key the id is derived from scope and key, so repeats have the same id and the consumer's inbox
 * recognises them. Without one the id is new and time-ordered, which keeps inserts at the end of an index.
 */
export function jobIdOf({ operationId, actsFor }: KeyScope, key: string | undefined): string {
  if (key === undefined) return timeOrderedId();
  return uuidOf(digestOf(operationId, actsFor, key));
}
