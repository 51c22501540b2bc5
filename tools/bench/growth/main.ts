/* `npm run bench:growth`: measures Souk with large amounts of data. `--help` describes the options. */
import { connect } from 'amqplib';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { writeFileSync } from 'node:fs';
import { declareFloorQueues } from '../floors/queues';
import { createFloorSchema } from '../floors/schema';
import { measureThroughput, type Bench } from '../measuring/measure-side';
import { median, medianRatio } from '../report/statistics';
import { renderTable } from '../report/table';
import type { FloorProgram } from '../scenarios';
import { buildApps } from '../system/build-apps';
import { startChild } from '../system/child';
import { startPrivateSystem, type PrivateSystem } from '../system/private-system';
import { soukSide, startFloor, type FloorSide, type Side } from '../system/sides';
import { explainStatements } from './explain';
import { fill } from './fill';
import { listGrowthCases, type GrowthCase } from './growth-cases';
import { isFilled, readGrowthData, type GrowthData } from './growth-data';
import { HELP, parseGrowthOptions, type GrowthOptions } from './growth-options';
import { loadIntoPool, resizePoolAndLog } from './memory-settings';
import { measurePurge } from './purge';
import { shapeOf } from './shape';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 15;
const FLOOR_PROGRAMS: FloorProgram[] = ['add-floor', 'checkout-floor', 'deposit-floor'];

async function main(): Promise<void> {
  const options = parseGrowthOptions(process.argv.slice(2));
  if (options.isHelp) return console.log(HELP);
  buildApps();
  const system = await startPrivateSystem(options.home);
  const database = await mysql.createConnection({ uri: system.urls.mysqlRoot });
  try {
    if (options.bufferPoolMib) await resizePoolAndLog(database, options.bufferPoolMib);
    const shape = shapeOf(options.scale);
    if (!(await isFilled(database))) {
      console.log(`Filling the schemas: ${shape.customers} customers, ${shape.transactions} transactions`);
      await fill(system.urls.mysqlRoot, shape);
    }
    if (options.bufferPoolMib && options.task !== 'explain') {
      console.log("Reading the data into the database's buffer pool");
      await loadIntoPool(database);
    }
    const data = await readGrowthData(database, shape);
    if (options.task === 'explain') await explain(system, database, data);
    else await measure(system, database, data, options);
  } finally {
    await database.end();
    if (!options.home) await system.down();
  }
}

async function explain(system: PrivateSystem, database: Connection, data: GrowthData): Promise<void> {
  const page = await explainStatements(system, database, data);
  writeFileSync('docs/performance-explains.md', page);
  console.log('Wrote docs/performance-explains.md');
}

async function measure(
  system: PrivateSystem,
  database: Connection,
  data: GrowthData,
  options: GrowthOptions,
): Promise<void> {
  const broker = await connect(system.urls.rabbitmq);
  const channel = await broker.createChannel();
  await declareFloorQueues(channel);
  await database.query('DROP DATABASE IF EXISTS floor');
  await createFloorSchema(database, { products: data.products, wallets: [...data.buyers, ...data.walletIds] });
  const floors = new Map<FloorProgram, FloorSide>();
  for (const program of FLOOR_PROGRAMS) floors.set(program, await startFloor(program, system));
  const loadGenerator = startChild('load/main.ts');
  try {
    await loadGenerator.next();
    const bench: Bench = { loadGenerator, broker: channel, enginePids: system.enginePids, soukPids: system.appPids };
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (system.credentials.adminApiKey) headers['x-api-key'] = system.credentials.adminApiKey;
    const cases = listGrowthCases(data, headers);
    if (options.task === 'purge') await measurePurge(bench, system, database, cases, options);
    else await runCases(bench, system, database, floors, cases, options);
  } finally {
    loadGenerator.stop();
    for (const floor of floors.values()) floor.stop();
    await broker.close();
  }
}

interface Figures {
  rate: number[];
  p50Ms: number[];
  p99Ms: number[];
  floorRate: number[];
  /** Rows read by the database per operation. */
  rows: number[];
  /** Pages read from the disk per operation. */
  pages: number[];
  failed: number;
}

/** @returns the numbers of rows and of pages from the disk that the database has read since it started */
async function readCounters(database: Connection): Promise<{ rows: number; pages: number }> {
  const [counters] = await database.query<RowDataPacket[]>(
    "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler\\_read\\_%' OR Variable_name = 'Innodb_buffer_pool_reads'",
  );
  const sum = (isWanted: (name: string) => boolean) =>
    counters.reduce((total, row) => total + (isWanted(String(row.Variable_name)) ? Number(row.Value) : 0), 0);
  return { rows: sum((name) => name.startsWith('Handler')), pages: sum((name) => name.startsWith('Innodb')) };
}

async function runCases(
  bench: Bench,
  system: PrivateSystem,
  database: Connection,
  floors: ReadonlyMap<FloorProgram, FloorSide>,
  cases: readonly GrowthCase[],
  { rounds, seconds }: GrowthOptions,
): Promise<void> {
  const figures = cases.map((): Figures => ({
    rate: [],
    p50Ms: [],
    p99Ms: [],
    floorRate: [],
    rows: [],
    pages: [],
    failed: 0,
  }));
  const run = (side: Side, { operations, hasKeys }: GrowthCase, duration: number) =>
    measureThroughput(bench, side, {
      ...{ connections: CONNECTIONS, operations, seconds: duration, rate: undefined },
      ...(hasKeys && { hasKeys }),
    });
  const floorCases = cases.filter(({ floor }, index) => cases.findIndex((each) => each.floor === floor) === index);
  for (let round = -1; round < rounds; round++) {
    const duration = round < 0 ? WARM_UP_SECONDS : seconds;
    const floorRates = new Map<FloorProgram, number>();
    for (const [index, each] of cases.entries()) {
      if (floorCases.includes(each)) {
        const measured = await run(floors.get(each.floor)!, each, duration);
        floorRates.set(each.floor, measured.completedPerSecond);
      }
      const before = await readCounters(database);
      const { completedPerSecond, p50Ms, p99Ms, failed } = await run(soukSide(system, each.api), each, duration);
      const after = await readCounters(database);
      const perOperation = (count: number) => count / (completedPerSecond * duration);
      const floorRate = floorRates.get(each.floor)!;
      console.log(
        `  ${each.name.padEnd(34)}${completedPerSecond.toFixed(0).padStart(6)} /s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   ${(completedPerSecond / floorRate).toFixed(2)} of the floor, ${failed} failed${round < 0 ? '   (warm-up)' : ''}`,
      );
      if (round < 0) continue;
      const own = figures[index]!;
      own.rate.push(completedPerSecond);
      own.p50Ms.push(p50Ms);
      own.p99Ms.push(p99Ms);
      own.floorRate.push(floorRate);
      own.rows.push(perOperation(after.rows - before.rows));
      own.pages.push(perOperation(after.pages - before.pages));
      own.failed += failed;
    }
  }
  console.log(`\n${renderFigures(cases, figures)}`);
}

function renderFigures(cases: readonly GrowthCase[], figures: readonly Figures[]): string {
  const lines = cases.map(({ name }, index) => {
    const { rate, p50Ms, p99Ms, floorRate, rows, pages, failed } = figures[index]!;
    return [
      name,
      median(rate).toFixed(0),
      medianRatio(rate, floorRate).toFixed(2),
      median(p50Ms).toFixed(1),
      median(p99Ms).toFixed(1),
      median(rows).toFixed(0),
      median(pages).toFixed(2),
      String(failed),
    ];
  });
  const header = ['Case', 'Rate/s', 'Of its floor', 'p50 ms', 'p99 ms', 'Rows read', 'Pages read', 'Failed'];
  return renderTable(header, lines);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
