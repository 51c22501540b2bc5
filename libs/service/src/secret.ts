import { createHash, timingSafeEqual } from 'node:crypto';

/** The SHA-256 digest of a random secret: 32 bytes. For passwords that people choose, it would be too fast. */
export const secretDigest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** @returns a function that compares a text with a secret, in the same time for every text of the same length */
export function createSecretCheck(secret: string): (text: string) => boolean {
  const expected = secretDigest(secret);
  return (text) => timingSafeEqual(secretDigest(text), expected);
}
