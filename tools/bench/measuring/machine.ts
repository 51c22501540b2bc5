import type { ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the results depend on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  /** By name: Node.js and the engines. */
  versions: Record<string, string>;
}

export async function describeMachine(database: Connection, broker: ChannelModel, redisUrl: string): Promise<Machine> {
  const [[mysql]] = await database.query<(RowDataPacket & { version: string })[]>('SELECT VERSION() AS version');
  const rabbitmq = broker.connection.serverProperties;
  const redis = new Redis(redisUrl);
  const info = await redis.info('server');
  redis.disconnect();
  const version = mysql!.version;
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    versions: {
      'Node.js': process.versions.node,
      [/mariadb/i.test(version) ? 'MariaDB' : 'MySQL']: /^[\d.]+/.exec(version)?.[0] ?? version,
      RabbitMQ: String(rabbitmq.version),
      Redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    },
  };
}
