import { connect, type ChannelModel } from 'amqplib';
import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';
import { batchesSoFar } from './batcher';
import { MYSQL_VARIABLE, portVariable, RABBITMQ_VARIABLE } from './engine-variables';

export interface FloorEngines {
  db: Pool;
  broker: ChannelModel;
  /** @returns the port of a role that was started earlier */
  portOf(role: string): string;
}

/** Starts a role. @returns its port, if it has one */
type Start = (engines: FloorEngines) => Promise<number | void>;

const POOL_SIZE = 4;

/**
 * Runs the role that the command line names, as a child of the benchmark: reports once it is ready, reports its batches on
 * request, and exits with its parent. Any error ends the process, which fails the benchmark.
 */
export function runFloor(roles: Record<string, Start>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', () => process.send?.({ batches: batchesSoFar() }));
  void start(roles[process.argv[2] ?? '']!);
}

async function start(role: Start): Promise<void> {
  const db = mysql.createPool({ uri: process.env[MYSQL_VARIABLE]!, connectionLimit: POOL_SIZE });
  const broker = await connect(process.env[RABBITMQ_VARIABLE]!, { noDelay: true });
  const portOf = (name: string) => process.env[portVariable(name)]!;
  process.send?.({ port: await role({ db, broker, portOf }) });
}

export async function inTransaction<Result>(db: Pool, work: (tx: PoolConnection) => Promise<Result>): Promise<Result> {
  const tx = await db.getConnection();
  await tx.beginTransaction();
  const result = await work(tx);
  await tx.commit();
  tx.release();
  return result;
}
