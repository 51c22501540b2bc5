import { unavailable, type Logger } from '@souk/service';
import { Redis, type RedisOptions } from 'ioredis';
import { connectionOptions } from './connection-options';
import { probeRedis } from './probe-redis';
import { redisAddress } from './redis-address';

interface DurableRedisOptions extends Pick<RedisOptions, 'scripts'> {
  /** `redis://user:password@host:port`, or `rediss://` */
  url: string;
  /** Prefix of every key, so that several shops can share one Redis. */
  keyPrefix: string;
  /** Time limit for each command; after it the outcome is unknown. */
  timeoutMs: number;
  logger: Logger;
}

/**
 * A connection to a Redis that writes to disk before it replies. The server may start later; until then, commands fail at once.
 */
export interface DurableRedis {
  redis: Redis;
  /**
   * Resolves if the server keeps every write it confirms, which is checked once per connection. Call it before each write.
   * @throws AppError `unavailable` if the server can't be reached or was refused; the reason is in the log
   */
  requireDurable(): Promise<void>;
  /**
   * Checks that a write would succeed, with one that changes no data. A replica, a server with a full disk or memory, and a
   * primary with too few replicas refuse it.
   * @throws AppError `unavailable`
   */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** @param storeName for error messages */
export function createDurableRedis(
  storeName: string,
  { url, keyPrefix, timeoutMs, logger, scripts }: DurableRedisOptions,
): DurableRedis {
  const redis = new Redis(
    ...redisAddress(url, {
      keyPrefix,
      ...connectionOptions(timeoutMs),
      // After a failover the connection leads to a replica.
      reconnectOnError: ({ message }) => message.includes('READONLY'),
      ...(scripts && { scripts }),
    }),
  );
  let probing: Promise<void> | undefined;
  let lastReport: string | undefined;
  redis.on('error', () => undefined); // each call reports the error
  redis.on('close', () => (probing = undefined));

  const report = (level: 'error' | 'warn', text: string) => {
    if (text !== lastReport) logger[level](text);
    lastReport = text;
  };
  const probe = async () => {
    const { refusal, warning } = await probeRedis(redis);
    if (warning) report('warn', warning);
    if (!refusal) return;
    report('error', refusal);
    throw new Error(refusal);
  };
  const requireDurable = async () => {
    const currentProbe = (probing ??= probe());
    try {
      await currentProbe;
    } catch (error) {
      if (probing === currentProbe) probing = undefined;
      throw unavailable(storeName, error);
    }
  };

  return {
    redis,
    requireDurable,
    ping: async () => {
      await requireDurable();
      await redis.setrange('readiness', 0, '').catch((error: unknown) => {
        throw unavailable(storeName, error);
      });
    },
    close: async () => {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
