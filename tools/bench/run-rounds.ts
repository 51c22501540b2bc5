import { measureLatency, measureThroughput, type Bench } from './measuring/measure-side';
import type { Options } from './options';
import type { CaseResult, SideResult } from './report/results';
import type { Case } from './scenarios';
import type { Side } from './system/sides';

/** A case with its sides, Souk first. */
export interface Contest extends Case {
  sides: { name: SideResult['side']; side: Side }[];
}

/**
 * V8 needs this long to compile most of Souk's code. Until then, an operation takes up to 1.7 times the CPU time. The floors are
 * compiled sooner.
 */
const WARM_UP_SECONDS = { souk: 120, floor: 40 };
/** The fixed rate, as a share of Souk's maximum in the same round. */
const FIXED_RATE_SHARE = 0.5;

/** Loads every side of every scenario once, so that code is compiled, and connections and caches are filled. */
export async function warmUp(bench: Bench, contests: readonly Contest[]): Promise<void> {
  const scenarios = new Set<string>();
  for (const { scenario, sides, connections, operations } of contests) {
    if (scenarios.has(scenario)) continue;
    scenarios.add(scenario);
    for (const { name, side } of sides) {
      const seconds = name === 'souk' ? WARM_UP_SECONDS.souk : WARM_UP_SECONDS.floor;
      console.log(`Warming up for ${seconds} s: ${scenario}, ${name}`);
      await measureThroughput(bench, side, { connections, operations, seconds, rate: undefined });
    }
  }
}

export async function runRounds(bench: Bench, contests: readonly Contest[], options: Options): Promise<CaseResult[]> {
  const results = contests.map(({ name, scenario, connections, sides }): CaseResult => ({
    ...{ name, scenario, connections },
    sides: sides.map(({ name: side }) => ({ side, throughput: [], latency: [] })),
  }));
  for (let round = 0; round < options.rounds; round++) {
    const order = [...contests.entries()];
    // Cases can be compared with each other too, so none of them always follows the same one.
    if (round % 2 === 1) order.reverse();
    for (const [index, contest] of order) {
      console.log(`Round ${round + 1} of ${options.rounds}: ${contest.name}`);
      await runCase(bench, contest, results[index]!, { round, seconds: options.seconds });
    }
  }
  return results;
}

async function runCase(
  bench: Bench,
  { sides, connections, operations, hasFixedRate }: Contest,
  result: CaseResult,
  { round, seconds }: { round: number; seconds: number },
): Promise<void> {
  const pairs = sides.map(({ side, name }, index) => ({ side, name, result: result.sides[index]! }));
  // The order changes with the round, so that no side always follows the same one.
  if (round % 2 === 1) pairs.reverse();
  for (const { side, name, result } of pairs) {
    const measured = await measureThroughput(bench, side, { connections, operations, seconds, rate: undefined });
    result.throughput.push(measured);
    const { completedPerSecond, p50Ms, p99Ms, failed } = measured;
    report(name, completedPerSecond, { p50Ms, p99Ms, failed });
  }
  if (!hasFixedRate) return;
  const rate = result.sides[0]!.throughput[round]!.completedPerSecond * FIXED_RATE_SHARE;
  for (const { side, name, result } of pairs) {
    const measured = await measureLatency(bench, side, { connections, operations, seconds, rate });
    result.latency.push(measured);
    report(`${name}, fixed rate`, rate, measured);
  }
}

function report(
  label: string,
  perSecond: number,
  { p50Ms, p99Ms, failed }: { p50Ms: number; p99Ms: number; failed: number },
): void {
  const rate = perSecond.toFixed(0).padStart(6);
  const failures = failed > 0 ? `   ${failed} failed` : '';
  console.log(`  ${label.padEnd(26)}${rate} /s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms${failures}`);
}
