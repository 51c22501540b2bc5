#!/usr/bin/env node
// @ts-check
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { Failure, messageOf } from './failure.mjs';
import { readArguments } from './arguments.mjs';
import { buildApps } from './build.mjs';
import { askSupervisor } from './control.mjs';
import { down, removeHome, reset, stop } from './down.mjs';
import { lockFile, withLock } from './lock.mjs';
import { homeAt, makeHome } from './paths.mjs';
import { tell } from './progress.mjs';
import { redrive } from './redrive.mjs';
import { showLogs } from './show-logs.mjs';
import { systemStatus, waitUntilHealthy } from './start.mjs';
import { statusTable } from './status-table.mjs';
import { supervise } from './supervisor.mjs';
import { up } from './up.mjs';
import { USAGE } from './usage.mjs';
import { welcome } from './welcome.mjs';

/** @typedef {import('./arguments.mjs').Arguments} Arguments */

/** @type {Record<string, (home: import('./paths.mjs').Home, args: Arguments) => Promise<void>>} */
const COMMANDS = {
  async up(home, args) {
    const settings = await locked(home, () => up(home, { ...args, withApps: true }));
    if (home.isMain) console.log(welcome(home, settings));
  },
  async engines(home, args) {
    const [action] = args.names;
    if (home.isMain) throw new Failure('`engines` wants --home DIR: a folder of its own.');
    if (action === 'up') await locked(home, () => up(home, { ...args, withApps: false, withFreePorts: true }));
    else if (action === 'down') await lockedDown(home);
    else throw new Failure('`engines` is followed by `up` or `down`.');
  },
  async status(home, { isJson }) {
    const status = await systemStatus(home);
    if (isJson) console.log(JSON.stringify(status ?? { processes: [] }));
    else console.log(status ? statusTable(status.processes) : 'Souk is not running.');
    if (!status || status.processes.some(({ isHealthy }) => !isHealthy)) process.exitCode = 1;
  },
  async logs(home, { names, isFollowed }) {
    await showLogs(home, names[0], { isFollowed });
  },
  async stop(home) {
    tell('Stopping: apps first, then engines …');
    tell((await locked(home, () => stop(home))) ? 'Stopped; the data stays.' : 'Nothing was running.');
  },
  async down(home) {
    await lockedDown(home);
  },
  async reset(home, { isConfirmed }) {
    if (!isConfirmed && !(await confirm(`Stop everything and remove all data in ${home.folder}?`))) return;
    await locked(home, () => reset(home));
  },
  async scale(home, { names: [name = '', count = ''] }) {
    await locked(home, () =>
      command(home, { command: 'scale', name, count: /^\d+$/.test(count) ? Number(count) : NaN }),
    );
    console.log(statusTable((await waitUntilHealthy(home, { isQuiet: true })).processes));
  },
  async restart(home, { names: [name = ''] }) {
    await locked(home, () => command(home, { command: 'restart', name }));
    console.log(statusTable((await waitUntilHealthy(home, { isQuiet: true })).processes));
  },
  async redrive(home, { names: [queue = ''] }) {
    await redrive(home, queue);
  },
  async build(home) {
    makeHome(home);
    await buildApps(home);
  },
  async supervise(home, { parent, isEnginesOnly }) {
    const onStopped = () => {
      if (parent !== undefined && existsSync(home.envFile)) removeHome(home);
      process.exit(0);
    };
    await supervise(home, { withApps: !isEnginesOnly, onStopped, ...(parent === undefined ? {} : { parent }) });
  },
};

/** @template T @param {import('./paths.mjs').Home} home @param {() => Promise<T>} task */
function locked(home, task) {
  return withLock(lockFile(home), task);
}

/** @param {import('./paths.mjs').Home} home */
async function lockedDown(home) {
  if (!existsSync(home.folder)) return;
  await locked(home, () => down(home));
  // Not empty: somebody has brought it up again.
  if (readdirSync(home.folder).length === 0) rmdirSync(home.folder);
}

/** @param {import('./paths.mjs').Home} home @param {import('./control.mjs').ControlRequest} request */
async function command(home, request) {
  if (!(await systemStatus(home))) throw new Failure('Souk is not running.');
  await askSupervisor(home, request);
}

/** @param {string} question */
async function confirm(question) {
  if (!process.stdin.isTTY) throw new Failure(`${question} Say so with --yes.`);
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

try {
  const args = readArguments(process.argv.slice(2));
  const run = COMMANDS[args.command];
  if (args.isHelp) console.log(USAGE);
  else if (!run) throw new Failure(`There is no command "${args.command}".\n\n${USAGE}`);
  else await run(homeAt(args.home), args);
} catch (error) {
  console.error(error instanceof Failure ? messageOf(error) : error);
  process.exit(1);
}
