import { createHash } from 'node:crypto';

/** SHA-256 of several texts. As JSON, so that no part can reach into the next. */
export const digestOf = (...parts: readonly string[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest();

/** A UUID that follows from a digest. Version 8: ours to fill. Source: RFC 9562, 5.8. */
export function uuidOf(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The UUID of what a text names: the same text gives the same. */
export const uuidNamedBy = (text: string): string => uuidOf(createHash('sha256').update(text).digest());
