#!/usr/bin/env node
// @ts-check
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { relative } from 'node:path';
import { audit } from './commands/audit.mjs';
import { buildApps } from './commands/build.mjs';
import { down, removeHome, reset, stop } from './commands/down.mjs';
import { rebuild } from './commands/rebuild.mjs';
import { redrive } from './commands/redrive.mjs';
import { showLogs } from './commands/show-logs.mjs';
import { up } from './commands/up.mjs';
import { Failure } from '../console/failure.mjs';
import { tell } from '../console/progress.mjs';
import { confirm } from '../console/confirm.mjs';
import { runProgram } from '../console/run-program.mjs';
import { statusTable } from '../console/status-table.mjs';
import { welcome } from '../console/welcome.mjs';
import { lockFile, withLock } from '../machine/lock.mjs';
import { makeHome, ROOT } from '../machine/paths.mjs';
import { redeliver } from '../redeliver.mjs';
import { mysqlClientFile, queryMysql } from './engines/mysql.mjs';
import { askRabbitmq } from './engines/rabbitmq.mjs';
import { auditExitCode } from '../settings/auditor.mjs';
import { readScale } from '../settings/scale.mjs';
import { readSettings } from '../settings/settings.mjs';
import { findTroubles } from '../settings/troubles.mjs';
import { askSupervisor } from './supervision/control.mjs';
import { systemStatus, waitUntilHealthy } from './supervision/start.mjs';
import { supervise } from './supervision/supervisor.mjs';

/** @typedef {import('../console/arguments.mjs').Arguments} Arguments */

/** @type {Record<string, (home: import('../machine/paths.mjs').Home, args: Arguments) => Promise<void>>} */
const COMMANDS = {
  async up(home, args) {
    const settings = await locked(home, () => up(home, { ...args, withApps: true }));
    if (home.isMain) console.log(welcome(settings, whereToLook(home)));
  },
  async engines(home, args) {
    const [action] = args.names;
    if (home.isMain) throw new Failure('`engines` needs --home DIR: a folder of its own.');
    if (action === 'up') await locked(home, () => up(home, { ...args, withApps: false, withFreePorts: true }));
    else if (action === 'down') await lockedDown(home);
    else throw new Failure('`engines` is followed by `up` or `down`.');
  },
  async status(home, { isJson }) {
    const status = await systemStatus(home);
    const troubles = status
      ? await findTroubles({
          scale: readScale(home),
          mysql: (sql) => queryMysql(home, sql),
          rabbitmq: async (path) => (await askRabbitmq(readSettings(home), path)).body,
        })
      : [];
    if (isJson) console.log(JSON.stringify({ ...(status ?? { processes: [] }), troubles }));
    else console.log([status ? statusTable(status.processes) : 'Souk is not running.', ...troubles].join('\n'));
    if (!status || troubles.length > 0 || status.processes.some(({ isHealthy }) => !isHealthy)) process.exitCode = 1;
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
    console.log(statusTable((await waitUntilHealthy(home, { isQuiet: true, app: name })).processes));
  },
  async restart(home, { names: [name = ''] }) {
    await locked(home, () => command(home, { command: 'restart', name }));
    console.log(statusTable((await waitUntilHealthy(home, { isQuiet: true })).processes));
  },
  async redrive(home, { names: [queue = ''] }) {
    await redrive(home, queue);
  },
  async rebuild(home, { names: [consumer = ''] }) {
    process.exitCode = await rebuild(home, consumer);
  },
  async redeliver(home, { names: [account = ''] }) {
    console.log(await redeliver(readSettings(home), account));
  },
  async audit(home, { isJson }) {
    process.exitCode = await auditExitCode(() => audit(home, { isJson }));
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

/** @template T @param {import('../machine/paths.mjs').Home} home @param {() => Promise<T>} task */
function locked(home, task) {
  return withLock(lockFile(home), task);
}

/** @param {import('../machine/paths.mjs').Home} home */
function whereToLook(home) {
  const clientFile = relative(ROOT, mysqlClientFile(home));
  return {
    mysql: `mysql --defaults-file=${clientFile} cart   (or inventory, wallet, monitoring)`,
    logs: `${relative(ROOT, home.logs)}/`,
  };
}

/** @param {import('../machine/paths.mjs').Home} home */
async function lockedDown(home) {
  if (!existsSync(home.folder)) return;
  await locked(home, () => down(home));
  // If it isn't empty, the home has been brought up again.
  if (readdirSync(home.folder).length === 0) rmdirSync(home.folder);
}

/** @param {import('../machine/paths.mjs').Home} home @param {import('./supervision/control.mjs').ControlRequest} request */
async function command(home, request) {
  if (!(await systemStatus(home))) throw new Failure('Souk is not running.');
  await askSupervisor(home, request);
}

await runProgram(COMMANDS);
