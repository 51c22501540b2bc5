import type { ClientOptions } from './options';
import type { RetryPolicy } from './retry';

const reachedClients = new WeakSet<ClientOptions>();

/** Records that something has answered at a client's URL. */
export const noteReached = (client: ClientOptions): void => void reachedClients.add(client);

/**
 * A service that has answered before may be restarting. One that was never reached is probably not running, or the URL is wrong.
 * @returns the maximum number of attempts for a call that failed with this cause
 */
export function attemptsAllowed(client: ClientOptions, policy: RetryPolicy, cause: unknown): number {
  if (reachedClients.has(client) || !isUnreachable(cause)) return policy.attemptsMax;
  return Math.min(policy.attemptsMax, policy.unreachedAttemptsMax);
}

const UNREACHABLE: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND'];

/** Whether no connection was established. In browsers, a CORS refusal looks the same. */
function isUnreachable(cause: unknown): boolean {
  let error = cause as { name?: unknown; code?: unknown; cause?: unknown } | null | undefined;
  if (pageOrigin() !== undefined && error?.name === 'TypeError') return true;
  for (; error; error = error.cause as typeof error) if (UNREACHABLE.includes(error.code)) return true;
  return false;
}

/** @returns the likely reason for the missing answer, as far as the cause reveals it */
export function likelyCause(client: ClientOptions, url: string, cause: unknown): string | undefined {
  if (!isUnreachable(cause)) return undefined;
  const page = pageOrigin();
  const isCrossOrigin = page !== undefined && new URL(url, page).origin !== page;
  if (isCrossOrigin && !reachedClients.has(client))
    return `the service is not running, or, more likely, its CORS_ORIGINS does not list the origin of this page, ${page}`;
  return `cannot connect to ${new URL(url, page).origin}`;
}

/** The origin of the page that the client runs in; undefined outside a page. */
function pageOrigin(): string | undefined {
  const { location } = globalThis as { location?: { origin?: string } };
  return location?.origin;
}
