/** How often and when a request is retried. */
export interface RetryPolicy {
  /** Maximum number of requests for one call, including the first. */
  attemptsMax: number;
  /** Maximum number of requests while no connection can be established to a service that has never been reached. */
  unreachedAttemptsMax: number;
  /** Pause before the second attempt; it doubles with each further attempt. */
  initialMs: number;
  /** Longest pause, unless the service requests a longer one. */
  maxMs: number;
  /** Longest `Retry-After` to wait for; a longer one ends the call with the failure. */
  retryAfterMaxMs: number;
}

export const RETRY_DEFAULTS: RetryPolicy = {
  attemptsMax: 8,
  unreachedAttemptsMax: 3,
  initialMs: 200,
  maxMs: 5_000,
  retryAfterMaxMs: 60_000,
};

/**
 * The pause after attempt number `attempt` (from 1): half fixed, half random, so that clients that failed together don't retry
 * together. It is never shorter than the service requests.
 */
export function pauseMs(
  policy: RetryPolicy,
  attempt: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const fullMs = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt - 1, 30));
  return retryAfterMs + Math.round(fullMs / 2 + (fullMs / 2) * random());
}

/**
 * Reads `Retry-After`: seconds, or a date. Source: RFC 9110, 10.2.3.
 * @returns milliseconds, or `undefined` if it is missing or malformed
 */
export function parseRetryAfter(header: string | null, now: () => number = Date.now): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const moment = text === '' ? NaN : Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now());
}

/** Resolves after `ms`. @throws the reason of the signal if it is aborted earlier */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  let wake = () => {};
  const finished = new Promise<void>((resolve) => (wake = resolve));
  const timer = setTimeout(wake, ms);
  signal?.addEventListener('abort', wake);
  await finished;
  clearTimeout(timer);
  signal?.removeEventListener('abort', wake);
  signal?.throwIfAborted();
}
