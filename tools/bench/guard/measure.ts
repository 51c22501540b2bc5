import { setTimeout as delay } from 'node:timers/promises';
import type { LoadResult } from '../load/load';
import { readCpuSeconds } from '../measuring/cpu-time';
import type { FloorScenarioName } from '../scenario-names';
import type { Contest, Contestant } from './contests';
import type { GuardedCase, Round } from './judge';

/** The ratio isn't stable until V8 has compiled most of the code. */
const WARM_UP_SECONDS = 30;
/** A multiple of every interval. */
const ROUND_SECONDS = 3;
/** Long enough for two busy cores to finish one wave of each side. */
const INTERVAL_SECONDS: Record<FloorScenarioName, number> = { adds: 0.3, checkouts: 1.5, deposits: 0.3 };

/** Loads both sides as fast as they can, so that code is compiled, and connections and caches are filled. */
export async function warmUp({ souk, floor, connections, operations }: Contest): Promise<void> {
  const load = { connections, operations, seconds: WARM_UP_SECONDS, rate: undefined };
  await Promise.all([souk, floor].map(({ loadGenerator, url }) => loadGenerator.ask<LoadResult>({ ...load, url })));
}

export async function measureCase(contest: Contest, roundCount: number): Promise<GuardedCase> {
  const rounds: Round[] = [];
  console.log(`Measuring: ${contest.name}`);
  while (rounds.length < roundCount) rounds.push(await measureRound(contest));
  console.log(`  ${rounds.map(({ souk, floor }) => (souk / floor).toFixed(2)).join(' ')}`);
  return { name: contest.name, rounds };
}

/** Both sides run the same operations at the same time, so other load on the machine affects both. Their waves alternate. */
async function measureRound(contest: Contest): Promise<Round> {
  const halfIntervalMs = INTERVAL_SECONDS[contest.scenario] * 500;
  const [souk, floor] = await Promise.all([
    measureSide(contest, contest.souk),
    delay(halfIntervalMs).then(() => measureSide(contest, contest.floor)),
  ]);
  return { souk, floor };
}

/** @returns the CPU-seconds of a round */
async function measureSide(contest: Contest, { url, pids, loadGenerator }: Contestant): Promise<number> {
  const { scenario, connections, operations } = contest;
  const before = sum(readCpuSeconds(pids));
  const rate = connections / INTERVAL_SECONDS[scenario];
  const load = { url, connections, operations, rate, seconds: ROUND_SECONDS, isInWaves: true };
  const { completed, failed, accepted } = await loadGenerator.ask<LoadResult>(load);
  const used = sum(readCpuSeconds(pids)) - before;
  if (failed > 0) throw new Error(`${contest.name}: ${failed} of ${accepted + failed} operations of ${url} failed`);
  if (completed === 0) throw new Error(`${contest.name}: ${url} completed no operation`);
  return used;
}

const sum = (times: Record<string, number>): number => Object.values(times).reduce((total, time) => total + time, 0);
