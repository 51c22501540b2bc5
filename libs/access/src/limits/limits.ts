import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { CallerKind, Counted, LimitRates } from './limit-settings';

/** A limit of one kind of caller. */
export interface Limit {
  name: Counted;
  /** Requests per window. */
  max: number;
  counter: RateLimiterRedis;
}

export const WINDOW_SECONDS = 60;

/** Every key starts with this, so that a Redis user can be limited to it. */
const KEY_PREFIX = 'limit:';

/** The limits that exist, by kind of caller and by what they count. */
export function createLimits(redis: Redis, rates: LimitRates): Record<CallerKind, Partial<Record<Counted, Limit>>> {
  const limitsOf = (kind: CallerKind) => {
    const entries = Object.entries(rates[kind]) as [Counted, number | false][];
    return Object.fromEntries(
      entries.flatMap(([name, max]) => (max === false ? [] : [[name, createLimit(redis, kind, name, max)]])),
    ) as Partial<Record<Counted, Limit>>;
  };
  return { address: limitsOf('address'), customer: limitsOf('customer'), key: limitsOf('key') };
}

const createLimit = (redis: Redis, kind: CallerKind, name: Counted, max: number): Limit => ({
  name,
  max,
  counter: new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `${KEY_PREFIX}${kind}:${name}`,
    points: max,
    duration: WINDOW_SECONDS,
    // A caller that is far over its limit is refused without asking Redis, until its window ends.
    inMemoryBlockOnConsumed: max * 2,
  }),
});
