import { AppError } from '@souk/service';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Counted } from './limit-settings';
import { WINDOW_SECONDS, type Limit } from './limits';

/** The state of a caller's limit after one of its requests was counted. */
export interface LimitState {
  name: Counted;
  /** Requests per window. */
  max: number;
  windowSeconds: number;
  /** How many more are allowed in this window. */
  remaining: number;
  /** Seconds until the window ends, rounded up. */
  resetSeconds: number;
  isExceeded: boolean;
}

/** One request of a caller. */
export interface Hit {
  limit: Limit;
  caller: string;
}

export const uncountedBecause = (cause?: unknown): AppError =>
  new AppError('unavailable', 'UNAVAILABLE', 'Redis did not count the request', { cause });

/**
 * Counts requests, with one command per caller and limit.
 * @returns the state after each request, in order
 * @throws AppError `unavailable` if Redis fails
 */
export async function countHits(hits: readonly Hit[]): Promise<LimitState[]> {
  const states = new Array<LimitState>(hits.length);
  await Promise.all(
    groupHits(hits).map(async ({ limit, caller, positions }) => {
      const { consumed, resetMs } = await consume(limit, caller, positions.length);
      positions.forEach((position, index) => {
        const used = consumed - positions.length + index + 1;
        states[position] = {
          name: limit.name,
          max: limit.max,
          windowSeconds: WINDOW_SECONDS,
          remaining: Math.max(0, limit.max - used),
          resetSeconds: Math.ceil(resetMs / 1_000),
          isExceeded: used > limit.max,
        };
      });
    }),
  );
  return states;
}

/** The requests of one caller that count towards the same limit. */
type HitGroup = Hit & {
  /** Their positions among all requests. */
  positions: number[];
};

/** The requests of each caller and limit. */
function groupHits(hits: readonly Hit[]): HitGroup[] {
  const groups = new Map<Limit, Map<string, HitGroup>>();
  hits.forEach(({ limit, caller }, position) => {
    const callers = groups.get(limit) ?? new Map<string, HitGroup>();
    groups.set(limit, callers);
    const group = callers.get(caller);
    if (group) group.positions.push(position);
    else callers.set(caller, { limit, caller, positions: [position] });
  });
  return [...groups.values()].flatMap((callers) => [...callers.values()]);
}

/** @returns how much the caller has used in this window, and when the window ends */
async function consume({ counter }: Limit, caller: string, count: number) {
  try {
    const { consumedPoints, msBeforeNext } = await counter.consume(caller, count);
    return { consumed: consumedPoints, resetMs: msBeforeNext };
  } catch (result) {
    // The library rejects with the state of a caller that is over its limit.
    if (!(result instanceof RateLimiterRes)) throw uncountedBecause(result);
    const { consumedPoints, msBeforeNext } = result;
    // It doesn't say how much a caller has used that it remembers to be over the limit.
    return { consumed: consumedPoints === 0 ? Infinity : consumedPoints, resetMs: msBeforeNext };
  }
}
