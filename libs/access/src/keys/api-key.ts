import type { Scope } from '@souk/contracts';
import { timingSafeEqual } from 'node:crypto';

/** A stored API key, without its secret. */
export interface ApiKey {
  /** Part of the key's text, and the owner of what was done with it. A rotation keeps it. */
  id: string;
  /** For people. */
  name: string;
  scopes: readonly Scope[];
  createdAt: Date;
  createdBy: string;
  /** Absent if it never expires. */
  expiresAt?: Date;
  revokedAt?: Date;
  /** To within a few minutes; absent if it wasn't used yet. */
  lastUsedAt?: Date;
  secrets: readonly KeySecret[];
  /** Grows with each change of any key. */
  revision: number;
}

/** A secret of a key; a rotated key has two for a while. */
export interface KeySecret {
  digest: Buffer;
  /** Absent for the current secret. */
  expiresAt?: Date;
}

const isPast = (moment: Date | undefined, nowMs: number) => moment !== undefined && moment.getTime() <= nowMs;

/** @returns whether the key is valid now and one of its secrets has this digest, compared in constant time */
export function admits({ revokedAt, expiresAt, secrets }: ApiKey, digest: Buffer, nowMs: number): boolean {
  if (revokedAt !== undefined || isPast(expiresAt, nowMs)) return false;
  return secrets.some((secret) => !isPast(secret.expiresAt, nowMs) && timingSafeEqual(secret.digest, digest));
}
