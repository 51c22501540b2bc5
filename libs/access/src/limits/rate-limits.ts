import { ADMIN_CALLER, type LimitClass } from '@souk/contracts';
import { connectionOptions, redisAddress } from '@souk/redis';
import { AppError, Counter, createCoalescer, type Logger, type Registry } from '@souk/service';
import { Redis } from 'ioredis';
import type { Principal } from '../principal';
import { countHits, uncountedBecause, type Hit, type LimitState } from './count-hits';
import type { CallerKind, Counted, LimitRates } from './limit-settings';
import { createLimits } from './limits';

/** Counts the requests of each caller, across all replicas. While the counts are unavailable, nothing is limited. */
export interface RateLimits {
  /**
   * Counts a request.
   * @returns `undefined` if the caller has no limit for this class, or the counts are unavailable
   * @throws AppError `overloaded` if too many requests are waiting to be counted
   */
  countRequest(principal: Principal, address: string, limitClass: LimitClass): Promise<LimitState | undefined>;
  /** Counts a request without valid credentials. @returns as for `countRequest` */
  countRefusal(address: string): Promise<LimitState | undefined>;
  start(): void;
  stop(): void;
}

const COMMAND_TIMEOUT_MS = 250;
/** After a failure, requests pass uncounted for this long. */
const PAUSE_MS = 1_000;
const BATCH_MAX = 1_000;
const QUEUE_MAX = 10_000;

export function createRateLimits(
  url: string,
  rates: LimitRates,
  { logger, metrics }: { logger: Logger; metrics: Registry },
): RateLimits {
  const redis = connect(url);
  const limits = createLimits(redis, rates);
  const uncounted = new Counter({
    name: 'souk_rate_limit_uncounted_total',
    help: 'Requests that were not counted because Redis was unavailable',
    registers: [metrics],
  });
  const exceeded = new Counter({
    name: 'souk_rate_limit_exceeded_total',
    help: 'Requests refused because their caller was over its limit',
    labelNames: ['limit'],
    registers: [metrics],
  });
  // Requests that arrive while counts are in flight are counted by the next commands, one per caller.
  const counting = createCoalescer<Hit, LimitState>({ run: countHits, batchMax: BATCH_MAX, queueMax: QUEUE_MAX });
  let pausedUntil = 0;
  let isFailing = false;

  const count = async ({ kind, id }: CountedCaller, name: Counted): Promise<LimitState | undefined> => {
    const limit = limits[kind][name];
    if (!limit) return undefined;
    try {
      if (Date.now() < pausedUntil) throw uncountedBecause();
      const state = await counting.submit({ limit, caller: id });
      if (isFailing) logger.info('rate limits apply again');
      isFailing = false;
      if (state.isExceeded) exceeded.inc({ limit: name });
      return state;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'overloaded') throw error;
      uncounted.inc();
      if (Date.now() >= pausedUntil) pausedUntil = Date.now() + PAUSE_MS;
      if (!isFailing) logger.error({ err: error }, 'Redis is not available; rate limits are off');
      isFailing = true;
      return undefined;
    }
  };

  return {
    countRequest: (principal, address, limitClass) => count(callerOf(principal, address), limitClass),
    countRefusal: (address) => count({ kind: 'address', id: address }, 'authentication'),
    start: () => void redis.connect().catch(() => undefined), // reconnects by itself; each count reports the failure
    stop: () => redis.disconnect(),
  };
}

function connect(url: string): Redis {
  const redis = new Redis(
    ...redisAddress(url, {
      ...connectionOptions(COMMAND_TIMEOUT_MS),
      lazyConnect: true,
      enableReadyCheck: false, // the user may not run INFO
      enableAutoPipelining: true,
    }),
  );
  redis.on('error', () => undefined); // each count reports the error
  return redis;
}

interface CountedCaller {
  kind: CallerKind;
  id: string;
}

function callerOf(principal: Principal, address: string): CountedCaller {
  switch (principal.kind) {
    case 'anonymous':
      return { kind: 'address', id: address };
    case 'key':
      return { kind: 'key', id: principal.owner ?? ADMIN_CALLER };
    case 'customer':
      return { kind: 'customer', id: principal.subject };
  }
}
