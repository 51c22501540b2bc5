import { brokerAddress } from '@souk/messaging';
import { redisAddress } from '@souk/redis';
import { parseEngineUrl } from '@souk/tls';
import { connect, type ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import type { ConnectionOptions } from 'mysql2/promise';

/** Options of a connection to the database of a system, with TLS if the system uses it. */
export function mysqlOptions(url: string): ConnectionOptions {
  const { url: uri, tls } = parseEngineUrl(url);
  if (!tls) return { uri };
  const { ca, cert, key } = tls.files();
  return { uri, ssl: { ca: ca!, cert: cert!, key: key! } };
}

/** Connects to the broker of a system, with TLS if the system uses it. */
export function connectBroker(url: string): Promise<ChannelModel> {
  return connect(...brokerAddress(url, {}));
}

/** Connects to the Redis of a system, with TLS if the system uses it, and waits for it as long as necessary. */
export function connectRedis(url: string): Redis {
  const redis = new Redis(...redisAddress(url, { retryStrategy: () => 200, maxRetriesPerRequest: null }));
  redis.on('error', () => undefined);
  return redis;
}
