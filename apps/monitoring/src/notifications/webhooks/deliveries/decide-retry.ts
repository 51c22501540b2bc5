import { backoffMs } from '@souk/service';

/** About ten tries in the first two hours, then at least one per hour. */
const BACKOFF = { initialMs: 10_000, maxMs: 3_600_000 };

/** The state of a delivery after a failed attempt. */
type RetryDecision = { state: 'dead' } | { state: 'pending'; afterMs: number };

/**
 * Waits longer after every try, with jitter. The last try is at the end of `retryForMs`; after it, the delivery is dead.
 * @param tries the number of attempts so far, including the failed one
 * @param ageMs the time since the delivery was queued or last redelivered
 * @param retryAfterMs the minimum wait that the receiver requested
 */
export function decideRetry(
  {
    tries,
    ageMs,
    retryForMs,
    retryAfterMs = 0,
  }: {
    tries: number;
    ageMs: number;
    retryForMs: number;
    retryAfterMs?: number | undefined;
  },
  random?: () => number,
): RetryDecision {
  const remainingMs = retryForMs - ageMs;
  if (remainingMs <= 0) return { state: 'dead' };
  return {
    state: 'pending',
    afterMs: Math.min(Math.max(backoffMs(BACKOFF, tries, random), retryAfterMs), remainingMs),
  };
}
