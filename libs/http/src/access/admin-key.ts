import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

const digest = (text: string) => createHash('sha256').update(text).digest();

export interface AdminKey {
  /** Whether the value of `X-API-Key` is the key; false if no key is set. */
  matches(header: string | string[] | undefined): boolean;
  /** Whether a caller with this value may use admin routes; if no key is set, every caller may. */
  admits(header: string | string[] | undefined): boolean;
}

/**
 * Compares `X-API-Key` with the configured key, in constant time.
 * @param expected `undefined` if no key is set
 */
export function createAdminKey(expected: string | undefined): AdminKey {
  if (expected === undefined) return { matches: () => false, admits: () => true };
  const expectedDigest = digest(expected);
  const matches: AdminKey['matches'] = (header) =>
    typeof header === 'string' && timingSafeEqual(digest(header), expectedDigest);
  return { matches, admits: matches };
}

/** Whether only this machine can reach a server that listens on `host`. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** @returns why a service must not start with these settings, or `undefined`. Without a key, only this machine may reach it. */
export function adminKeyError(host: string, adminKey: string | undefined): string | undefined {
  return adminKey === undefined && !isLoopback(host) ? `must be set: ${host} can be reached from outside` : undefined;
}
