import type { LimitState } from '@souk/access';
import { HttpFailure } from '../response/failure';
import type { PendingRequest } from '../response/responder';

/**
 * Tells the caller the state of its limit, in the headers of draft-ietf-httpapi-ratelimit-headers-10.
 * @param state `undefined` if the request was not counted
 * @throws HttpFailure 429 if the limit is exceeded
 */
export function applyLimit(pending: PendingRequest, state: LimitState | undefined): void {
  if (!state) return;
  const { name, max, windowSeconds, remaining, resetSeconds, isExceeded } = state;
  pending.headers = {
    'RateLimit-Policy': `"${name}";q=${max};w=${windowSeconds}`,
    RateLimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  };
  if (!isExceeded) return;
  throw new HttpFailure({
    status: 429,
    code: 'RATE_LIMITED',
    message: `Rate limit exceeded: at most ${max} ${name} requests per ${windowSeconds} s; nothing was done, try again in ${resetSeconds} s`,
    headers: { 'Retry-After': String(resetSeconds) },
  });
}
