/* `npm run bench:memory`: shows how the memory of Souk's processes grows under a steady load. `--help` describes the options. */
import { oneDecimal } from '../report/numbers';
import { writePage } from '../report/write-report';
import { listCases } from '../scenarios';
import { buildApps } from '../system/build-apps';
import { startChild } from '../system/child';
import { startPrivateSystem, type PrivateSystem } from '../system/private-system';
import { soukSide } from '../system/sides';
import { withBench } from '../system/with-bench';
import { measureMaximum, runLoads, type FixedLoad, type LoadTotal } from './load';
import { HELP, parseMemoryOptions } from './options';
import { renderPage, renderTrends, type MemoryResults } from './report';
import { sampleDuring, type Sample } from './sample';

const SCENARIOS = ['adds', 'checkouts'] as const;
/** Enough for large batches. */
const CONNECTIONS = 256;
/** The scenarios share 80 % of the capacity equally. */
const SHARE_OF_MAXIMUM = 0.8 / SCENARIOS.length;

async function main(): Promise<void> {
  const { minutes, isHelp } = parseMemoryOptions(process.argv.slice(2));
  if (isHelp) return console.log(HELP);
  buildApps();
  console.log('Starting a private system');
  const system = await startPrivateSystem();
  try {
    const results = await measureMemory(system, minutes);
    console.log(`\n${renderTrends(results)}`);
    await writePage('memory.md', renderPage(results));
    console.log('\nWrote docs/benchmarks/memory.md');
  } finally {
    await system.down();
  }
}

function measureMemory(system: PrivateSystem, minutes: number): Promise<MemoryResults> {
  return withBench(system, async (bench, data, machine) => {
    const loads: FixedLoad[] = [];
    try {
      for (const scenario of SCENARIOS) {
        const each = listCases([scenario], data, CONNECTIONS)[0]!;
        const side = soukSide(system, each.api);
        console.log(`Measuring the maximum: ${each.name}`);
        const maximum = await measureMaximum(bench, side, each);
        const rate = maximum * SHARE_OF_MAXIMUM;
        console.log(`  ${maximum.toFixed(0)} /s, so the fixed rate is ${rate.toFixed(0)} /s`);
        loads.push({ ...each, name: scenario, url: side.url, rate, generator: startChild('load/main.ts') });
      }
      for (const { generator } of loads) await generator.next();
      const samples: Sample[] = [];
      const running = runLoads(loads, minutes, (minute, totals) => reportMinute({ minute, minutes }, totals, samples));
      const [totals] = await Promise.all([running, sampleDuring(system.ports, running, samples)]);
      return { date: new Date().toISOString(), minutes, machine, loads: totals, samples };
    } finally {
      for (const { generator } of loads) generator.stop();
    }
  });
}

function reportMinute(
  { minute, minutes }: { minute: number; minutes: number },
  totals: readonly LoadTotal[],
  samples: readonly Sample[],
): void {
  const usages = Object.values(samples.at(-1)?.usages ?? {});
  const residentMiB = usages.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / 2 ** 20;
  const loads = totals.map(({ name, completed, failed }) => `${completed} ${name}, ${failed} failed`);
  console.log(`Minute ${minute} of ${minutes}: ${loads.join('; ')}; ${oneDecimal(residentMiB)} MiB resident in all`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
