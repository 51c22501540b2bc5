import { createHash, randomUUID } from 'node:crypto';

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
  const digest = createHash('sha256')
    .update(JSON.stringify([operationId, caller, key]))
    .digest();
  return formatUuid(digest, 8);
}

/** UUID version 7. Source: RFC 9562, 5.7. */
function timeOrderedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  // randomUUID draws from a pool that Node fills; randomBytes is a system call each time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** The first 16 bytes, with the bits of a version and of the variant set. */
function formatUuid(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
