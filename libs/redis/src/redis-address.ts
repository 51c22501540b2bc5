import { parseEngineUrl } from '@souk/tls';
import type { RedisOptions } from 'ioredis';

/**
 * @param url `redis://user:password@host:port`, or `rediss://`
 * @returns the parameters of a connection to that server
 * @throws Error that says what is wrong with the URL or its certificates
 */
export function redisAddress(url: string, options: RedisOptions): [string, RedisOptions] {
  const { url: address, tls } = parseEngineUrl(url);
  return [address, tls ? { ...options, tls: { secureContext: tls.secureContext } } : options];
}
