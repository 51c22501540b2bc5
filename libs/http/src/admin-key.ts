import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Compares `X-API-Key` with the one that is set, in the same time whatever is given.
 * @param expected `undefined` where none is set: then everybody is an admin
 */
export function createAdminCheck(expected: string | undefined): (given: string | string[] | undefined) => boolean {
  if (expected === undefined) return () => true;
  const expectedDigest = digest(expected);
  return (given) => typeof given === 'string' && timingSafeEqual(digest(given), expectedDigest);
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
