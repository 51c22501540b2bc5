/* `npm run bench`: measures Souk and its floors, and writes docs/benchmarks. `--help` describes the options. */
import { readFileSync } from 'node:fs';
import { describeFaults, renderFlashSales } from './flash-sale/report';
import { runFlashSales } from './flash-sale/run-flash-sales';
import { buildApps } from './system/build-apps';
import { HELP, parseOptions, type Options } from './options';
import { startPrivateSystem, type PrivateSystem } from './system/private-system';
import { compareResults } from './report/compare';
import { renderBatchSizes, renderCpu, renderRates } from './report/tables';
import { writeReport } from './report/write-report';
import type { Results } from './report/results';
import { runRounds, warmUp, type Contest } from './run-rounds';
import { REPEATED_SCENARIO_NAMES, type RepeatedScenarioName } from './scenario-names';
import { FLOORS, listCases, type Case, type FloorProgram } from './scenarios';
import { soukSide, startFloor, type FloorSide } from './system/sides';
import { withBench } from './system/with-bench';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.isHelp) return console.log(HELP);
  // Read first: a run may replace the file.
  const earlier = options.compareWith && (JSON.parse(readFileSync(options.compareWith, 'utf8')) as Results);
  buildApps();
  console.log('Starting a private system');
  const system = await startPrivateSystem();
  try {
    const results = await measureSystem(system, options);
    printTables(results);
    if (earlier) console.log(`\n${compareResults(earlier, results)}`);
    await writeReport(results);
    console.log('\nWrote docs/benchmarks');
    const faults = describeFaults(results.flashSales);
    if (!faults) return;
    console.error(`\n${faults}`);
    process.exitCode = 1;
  } finally {
    await system.down();
  }
}

function measureSystem(system: PrivateSystem, options: Options): Promise<Results> {
  const repeated = REPEATED_SCENARIO_NAMES.filter((name) => options.scenarios.includes(name));
  return withBench(system, async (bench, data, machine) => {
    const floors = await startFloors(system, repeated);
    try {
      const contests = listCases(repeated, data, options.connections).map((each) => contestOf(each, system, floors));
      await warmUp(bench, contests);
      return {
        date: new Date().toISOString(),
        secondsPerMeasurement: options.seconds,
        rounds: options.rounds,
        machine,
        cases: await runRounds(bench, contests, options),
        flashSales: options.scenarios.includes('flash-sale')
          ? await runFlashSales({ urls: system.urls, headers: data.headers }, bench.broker, options.rounds)
          : [],
      };
    } finally {
      for (const floor of floors.values()) floor.stop();
    }
  });
}

async function startFloors(
  system: PrivateSystem,
  scenarios: readonly RepeatedScenarioName[],
): Promise<Map<FloorProgram, FloorSide>> {
  const floors = new Map<FloorProgram, FloorSide>();
  for (const { program } of scenarios.flatMap((scenario) => FLOORS[scenario]))
    floors.set(program, await startFloor(program, system));
  return floors;
}

function contestOf(each: Case, system: PrivateSystem, floors: ReadonlyMap<FloorProgram, FloorSide>): Contest {
  const floorSides = each.floors.map(({ side, program }) => ({ name: side, side: floors.get(program)! }));
  return { ...each, sides: [{ name: 'souk', side: soukSide(system, each.api) }, ...floorSides] };
}

function printTables({ cases, flashSales }: Results): void {
  if (cases.length > 0) console.log(`\n${renderRates(cases)}`);
  for (const scenario of new Set(cases.map((result) => result.scenario))) {
    const own = cases.filter((result) => result.scenario === scenario);
    console.log(`\n${scenario}\n\n${renderCpu(own)}\n\n${renderBatchSizes(own)}`);
  }
  if (flashSales.length > 0) console.log(`\nflash-sale\n\n${renderFlashSales(flashSales)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
