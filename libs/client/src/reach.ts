import type { ClientOptions } from './options';
import type { RetryPolicy } from './retry';

const reached = new WeakSet<ClientOptions>();

/** Remembers that something has answered at the URL of a client. */
export const noteReached = (client: ClientOptions): void => void reached.add(client);

/**
 * A service that has answered before may be restarting; one that was never reached is more likely not running, or not there.
 * @returns how many attempts a call has when it could not connect for this cause
 */
export function attemptsAllowed(client: ClientOptions, policy: RetryPolicy, cause: unknown): number {
  if (reached.has(client) || !isUnreachable(cause)) return policy.attemptsMax;
  return Math.min(policy.attemptsMax, policy.unreachedAttemptsMax);
}

const UNREACHABLE: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND'];

/** Whether no connection was made. Browsers don't say why a fetch failed: a page that is refused by CORS looks the same. */
function isUnreachable(cause: unknown): boolean {
  let error = cause as { name?: unknown; code?: unknown; cause?: unknown } | null | undefined;
  if (pageOrigin() !== undefined && error?.name === 'TypeError') return true;
  for (; error; error = error.cause as typeof error) if (UNREACHABLE.includes(error.code)) return true;
  return false;
}

/** @returns why there was probably no answer, as far as the cause tells */
export function likelyCause(client: ClientOptions, url: string, cause: unknown): string | undefined {
  if (!isUnreachable(cause)) return undefined;
  const page = pageOrigin();
  const isOtherOrigin = page !== undefined && new URL(url, page).origin !== page;
  if (isOtherOrigin && !reached.has(client))
    return `the service is not running, or, more likely, its CORS_ORIGINS does not list the origin of this page, ${page}`;
  return `there is no connection to ${new URL(url, page).origin}`;
}

/** Of the page that the client runs in, if any. */
function pageOrigin(): string | undefined {
  const { location } = globalThis as { location?: { origin?: string } };
  return location?.origin;
}
