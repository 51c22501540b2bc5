import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

const digest = (text: string) => createHash('sha256').update(text).digest();

export interface AdminKey {
  /** Whether what was given in `X-API-Key` is the key; where none is set, nothing is. */
  isGiven(given: string | string[] | undefined): boolean;
  /** Whether whoever gave this may do what admins do; where no key is set, everybody may. */
  admits(given: string | string[] | undefined): boolean;
}

/**
 * Compares `X-API-Key` with the one that is set, in the same time whatever is given.
 * @param expected `undefined` where none is set
 */
export function createAdminKey(expected: string | undefined): AdminKey {
  if (expected === undefined) return { isGiven: () => false, admits: () => true };
  const expectedDigest = digest(expected);
  const isGiven: AdminKey['isGiven'] = (given) =>
    typeof given === 'string' && timingSafeEqual(digest(given), expectedDigest);
  return { isGiven, admits: isGiven };
}

/** Whether only this machine can reach what listens on `host`. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** Why a service must not start with these settings, or `undefined`: without a key, only this machine may reach it. */
export function adminKeyFault(host: string, adminKey: string | undefined): string | undefined {
  return adminKey === undefined && !isLoopback(host) ? `must be set: ${host} can be reached from outside` : undefined;
}
