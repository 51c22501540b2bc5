import type { RedisOptions } from 'ioredis';

/**
 * Options of a connection that reconnects automatically. While it is disconnected, commands fail immediately.
 * @param timeoutMs time limit for each command; after it the outcome is unknown
 */
export const connectionOptions = (timeoutMs: number) =>
  ({
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: timeoutMs,
    // Replaces a connection that no longer receives replies.
    socketTimeout: timeoutMs + 1_000,
    retryStrategy: (attempt) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 10)),
  }) satisfies RedisOptions;
