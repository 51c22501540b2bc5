/* `npm run bench:guard`: compares the CPU time of Souk's operations with a baseline. `--help` explains how. */
import { existsSync } from 'node:fs';
import type { Machine } from '../measuring/machine';
import { buildApps } from '../system/build-apps';
import { BASELINE_FILE, findDifference, readBaseline, writeBaseline, type Baseline } from './baseline';
import { withContests, type Contest } from './contests';
import { advise, isFailure, judge, renderJudgements, summarize, type Judgement } from './judge';
import { measureCase, warmUp } from './measure';
import { HELP, parseGuardOptions } from './options';

const ROUNDS = 8;
/** For a case that seems worse, and for a new baseline. */
const MORE_ROUNDS = 2 * ROUNDS;

async function main(): Promise<void> {
  const { isAccepting, isHelp } = parseGuardOptions(process.argv.slice(2));
  if (isHelp) return console.log(HELP);
  if (!existsSync('/proc/self/stat')) return console.log('Skipped: the CPU times of processes are read from /proc.');
  const baseline = isAccepting ? undefined : readBaseline();
  buildApps();
  console.log('Starting a private system');
  await (baseline ? guard(baseline) : withContests(accept));
}

async function guard(baseline: Baseline): Promise<void> {
  let judgements = await judgeCases(baseline, ROUNDS, () => true);
  const worse = new Set(judgements.filter(({ verdict }) => verdict === 'worse').map(({ name }) => name));
  if (worse.size > 0) {
    console.log('More than 15 % worse; measuring again with another system');
    const confirmed = await judgeCases(baseline, MORE_ROUNDS, (name) => worse.has(name));
    judgements = judgements.map((first) => confirmed.find(({ name }) => name === first.name) ?? first);
  }
  if (judgements.length === 0) return;
  console.log(`\n${renderJudgements(judgements)}`);
  const advice = advise(judgements);
  if (advice) console.log(`\n${advice}`);
  if (judgements.some(isFailure)) process.exitCode = 1;
}

/** @returns nothing if this machine can't be compared with the baseline's */
async function judgeCases(
  baseline: Baseline,
  rounds: number,
  isChosen: (name: string) => boolean,
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  await withContests(async (contests, machine) => {
    const difference = findDifference(baseline.machine, machine);
    if (difference) return console.log(`Skipped: ${difference}.`);
    for (const contest of contests.filter(({ name }) => isChosen(name))) {
      await warmUp(contest);
      judgements.push(judge(await measureCase(contest, rounds), baseline.cases));
    }
  });
  return judgements;
}

async function accept(contests: readonly Contest[], machine: Machine): Promise<void> {
  const cases: Baseline['cases'] = {};
  for (const contest of contests) {
    await warmUp(contest);
    const { ratio, floorSeconds } = summarize(await measureCase(contest, MORE_ROUNDS));
    cases[contest.name] = { ratio: Number(ratio.toFixed(3)), floorSeconds: Number(floorSeconds.toFixed(3)) };
  }
  writeBaseline({ date: new Date().toISOString(), machine, cases });
  console.log(`Wrote ${BASELINE_FILE}; commit it, and give the reason in the message.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
