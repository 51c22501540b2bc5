import { connect } from 'amqplib';
import mysql from 'mysql2/promise';
import { declareFloorQueues } from '../floors/queues';
import { describeMachine, type Machine } from '../measuring/machine';
import { FLOOR_SCENARIO_NAMES, type FloorScenarioName } from '../scenario-names';
import { listCases, type Case } from '../scenarios';
import { startChild, type Child } from '../system/child';
import {
  startPrivateEngines,
  startPrivateSystem,
  type PrivateEngines,
  type PrivateSystem,
} from '../system/private-system';
import { soukSide, startFloor } from '../system/sides';
import { createTestData } from '../system/test-data';

/** One of the two sides, which are loaded at the same time. */
export interface Contestant {
  url: string;
  /** Its processes and its engines. */
  pids: Record<string, number>;
  loadGenerator: Child;
}

export interface Contest extends Case {
  scenario: FloorScenarioName;
  souk: Contestant;
  floor: Contestant;
}

/**
 * Starts a private system, and the floors on separate engines, so that both can run at the same time.
 * @param use runs the measurements; everything is stopped when it returns or throws
 */
export async function withContests(use: (contests: Contest[], machine: Machine) => Promise<void>): Promise<void> {
  const started = await Promise.allSettled([startPrivateSystem(), startPrivateEngines()]);
  try {
    const [system, engines] = started;
    if (system.status === 'rejected') throw system.reason;
    if (engines.status === 'rejected') throw engines.reason;
    await useSystem(system.value, engines.value, use);
  } finally {
    for (const each of started) if (each.status === 'fulfilled') await each.value.down();
  }
}

async function useSystem(
  system: PrivateSystem,
  engines: PrivateEngines,
  use: (contests: Contest[], machine: Machine) => Promise<void>,
): Promise<void> {
  const database = await mysql.createConnection({ uri: engines.urls.mysqlRoot });
  const broker = await connect(engines.urls.rabbitmq);
  const generators = [startChild('load/main.ts'), startChild('load/main.ts')] as const;
  const stops: (() => void)[] = generators.map((generator) => generator.stop);
  try {
    await declareFloorQueues(await broker.createChannel());
    for (const generator of generators) await generator.next();
    const contests: Contest[] = [];
    const data = await createTestData(system, database);
    for (const scenario of FLOOR_SCENARIO_NAMES) {
      // The first case of a scenario is its main one.
      const each = listCases([scenario], data)[0]!;
      const floor = await startFloor(each.floors[0]!.program, engines);
      stops.push(floor.stop);
      const { url } = soukSide(system, each.api);
      contests.push({
        ...each,
        scenario,
        souk: { url, pids: { ...system.appPids, ...system.enginePids }, loadGenerator: generators[0] },
        floor: { url: floor.url, pids: { ...floor.pids, ...engines.pids }, loadGenerator: generators[1] },
      });
    }
    await use(contests, await describeMachine(database, broker, system.urls.redis));
  } finally {
    for (const stop of stops) stop();
    await broker.close();
    await database.end();
  }
}
