import { connect } from 'amqplib';
import mysql from 'mysql2/promise';
import { declareFloorQueues } from '../floors/queues';
import { describeMachine, type Machine } from '../measuring/machine';
import type { Bench } from '../measuring/measure-side';
import type { TestData } from '../scenarios';
import type { PrivateSystem } from './private-system';
import { createTestData } from './test-data';
import { withLoadGenerator } from './with-load-generator';

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
  try {
    const machine = await describeMachine(database, connection, system.urls.redis);
    return await withLoadGenerator((loadGenerator) =>
      use({ loadGenerator, broker, enginePids: system.enginePids, soukPids: system.appPids }, data, machine),
    );
  } finally {
    await connection.close();
    await database.end();
  }
}
