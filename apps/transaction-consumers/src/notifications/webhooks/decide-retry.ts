import { backoffMs } from '@souk/service';

/** About ten tries in the first two hours, then one every hour or less. */
const BACKOFF = { initialMs: 10_000, maxMs: 3_600_000 };

/** What becomes of a delivery whose attempt failed. */
export type RetryDecision = { state: 'dead' } | { state: 'pending'; afterMs: number };

/**
 * Waits longer after every try, with jitter. The last one is at the end of the time that is given; after it, the delivery is dead.
 * @param tries made so far, that one included
 * @param ageMs since it was queued, or last redelivered
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
  const leftMs = retryForMs - ageMs;
  if (leftMs <= 0) return { state: 'dead' };
  return { state: 'pending', afterMs: Math.min(Math.max(backoffMs(BACKOFF, tries, random), retryAfterMs), leftMs) };
}
