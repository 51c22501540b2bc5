import { setTimeout as delay } from 'node:timers/promises';

interface BackoffPolicy {
  initialMs: number;
  maxMs: number;
}

/**
 * The wait after attempt number `attempt` (from 1) failed: doubles from `initialMs` up to `maxMs`, with "equal jitter" (half
 * fixed, half random), so that callers that failed together don't retry together.
 */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number = Math.random): number {
  const full = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}

/**
 * Runs `work` until it succeeds, has failed `attemptsMax` times, `signal` is aborted or `shouldRetry` returns false.
 * @throws the error of the last attempt
 */
export async function retryWithBackoff<T>(
  work: (attempt: number) => Promise<T>,
  options: BackoffPolicy & {
    attemptsMax: number;
    shouldRetry?: (error: unknown) => boolean;
    onRetry?: (error: unknown, attempt: number) => void;
    signal?: AbortSignal;
  },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= options.attemptsMax || options.signal?.aborted || options.shouldRetry?.(error) === false)
        throw error;
      options.onRetry?.(error, attempt);
      await delay(backoffMs(options, attempt), undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}
