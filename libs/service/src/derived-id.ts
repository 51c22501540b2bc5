import { createHash } from 'node:crypto';

/** SHA-256 of several texts, encoded as JSON so that the boundaries between them are unambiguous. */
export const digestOf = (...parts: readonly string[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest();

/** A UUID derived from a digest. Its version is 8, for custom content. Source: RFC 9562, 5.8. */
export function uuidOf(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUID derived from a text; the same text always gives the same UUID. */
export const uuidNamedBy = (text: string): string => uuidOf(createHash('sha256').update(text).digest());
