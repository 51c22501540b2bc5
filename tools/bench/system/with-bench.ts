import { connect } from 'amqplib';
import mysql from 'mysql2/promise';
import { declareFloorQueues } from '../floors/queues';
import { describeMachine, type Machine } from '../measuring/machine';
import type { Bench } from '../measuring/measure-side';
import type { TestData } from '../scenarios';
import { startChild } from './child';
import type { PrivateSystem } from './private-system';
import { createTestData } from './test-data';

/** Creates the test data, and starts a load generator that runs until `use` returns or throws. */
export async function withBench<Result>(
  system: PrivateSystem,
  use: (bench: Bench, data: TestData, machine: Machine) => Promise<Result>,
): Promise<Result> {
  const database = await mysql.createConnection({ uri: system.urls.mysqlRoot });
  const connection = await connect(system.urls.rabbitmq);
  const broker = await connection.createChannel();
  await declareFloorQueues(broker);
  const data = await createTestData(system, database);
  const loadGenerator = startChild('load/main.ts');
  try {
    await loadGenerator.next();
    const bench: Bench = { loadGenerator, broker, enginePids: system.enginePids, soukPids: system.appPids };
    return await use(bench, data, await describeMachine(database, connection, system.urls.redis));
  } finally {
    loadGenerator.stop();
    await connection.close();
    await database.end();
  }
}
