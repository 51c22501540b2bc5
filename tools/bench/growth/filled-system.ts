import { connect, type Channel } from 'amqplib';
import mysql, { type Connection } from 'mysql2/promise';
import { declareFloorQueues } from '../floors/queues';
import type { Bench } from '../measuring/measure-side';
import type { Child } from '../system/child';
import { startPrivateSystem, type PrivateSystem } from '../system/private-system';
import { fill, readScale } from './fill';
import { readGrowthData, type GrowthData } from './growth-data';
import type { GrowthOptions } from './growth-options';
import { loadIntoPool, resizeRedoLog } from './memory-settings';
import { shapeOf, type Scale } from './shape';

/** A private system with the data of a scale. */
export interface FilledSystem {
  system: PrivateSystem;
  database: Connection;
  data: GrowthData;
  benchWith(loadGenerator: Child): Bench;
  /** Closes the connections, and removes the system unless its folder is kept. */
  close(): Promise<void>;
}

export async function startFilledSystem(
  scale: Scale,
  { home, bufferPoolMib, task }: Pick<GrowthOptions, 'home' | 'bufferPoolMib' | 'task'>,
): Promise<FilledSystem> {
  // From the start: MariaDB doesn't enlarge the hash table of its pages with the pool, and then searches long chains.
  // Source: https://jira.mariadb.org/browse/MDEV-26033
  const system = await startPrivateSystem(home, bufferPoolMib ? { MYSQL_BUFFER_POOL_SIZE: `${bufferPoolMib}M` } : {});
  const database = await mysql.createConnection({ uri: system.urls.mysqlRoot });
  const connection = await connect(system.urls.rabbitmq);
  const close = async () => {
    await Promise.allSettled([connection.close(), database.end()]);
    if (!home) await system.down();
  };
  try {
    const broker: Channel = await connection.createChannel();
    await declareFloorQueues(broker); // `drainQueues` checks them too
    if (bufferPoolMib) await resizeRedoLog(database, bufferPoolMib / 8);
    const filledScale = await readScale(database);
    if (filledScale === undefined) await fill(system.urls.mysqlRoot, scale);
    else if (filledScale !== scale) throw new Error(`${home} is filled at scale ${filledScale}, not ${scale}`);
    if (bufferPoolMib && task !== 'explain') {
      console.log("Reading the data into the database's buffer pool");
      await loadIntoPool(database);
    }
    const data = await readGrowthData(database, shapeOf(scale));
    const benchWith: FilledSystem['benchWith'] = (loadGenerator) => ({
      loadGenerator,
      broker,
      enginePids: system.enginePids,
      soukPids: system.appPids,
    });
    return { system, database, data, benchWith, close };
  } catch (error) {
    await close();
    throw error;
  }
}
