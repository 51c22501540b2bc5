// @ts-check
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { elapsed, tell } from '../../console/progress.mjs';
import { lastLines, logFile, openLog } from '../../machine/log-file.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runningProcesses } from '../../machine/process-identity.mjs';
import { isReplicaOf } from '../../settings/scale.mjs';
import { askSupervisor } from './control.mjs';
import { hasEnded, signal } from './orphans.mjs';
import { supervisorVersion } from './supervisor.mjs';

const POLL_MS = 150;
const SUPERVISOR_START_MAX_MS = 30_000;
/** Startup fails if no further process becomes healthy for this long. A slow machine may take longer in total. */
const NO_PROGRESS_MAX_MS = 180_000;
/** Restarts after which a process that isn't running counts as broken; with the growing delays that takes about 25 s. */
const RESTARTS_MAX = 8;

/**
 * Makes sure that a home's supervisor runs, with the current code and settings.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ withApps: boolean, parent?: number }} options
 */
export async function startSupervisor(home, { withApps, parent }) {
  const status = await systemStatus(home);
  if (status && status.codeVersion !== supervisorVersion()) {
    tell('The supervisor has changed; all processes restart.');
    await stopSupervisor(home);
  }
  await endDeafSupervisor(home);
  if (!(await systemStatus(home))) await launchSupervisor(home, withApps, parent);
  await askSupervisor(home, { command: 'apply', withApps });
}

/** @param {import('../../machine/paths.mjs').Home} home @param {boolean} withApps @param {number} [parent] */
async function launchSupervisor(home, withApps, parent) {
  const args = [join(ROOT, 'deploy/native/souk.mjs'), 'supervise', '--home', home.folder];
  if (!withApps) args.push('--engines-only');
  if (parent !== undefined) args.push('--parent', String(parent));
  const log = openLog(home, 'supervisor');
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  closeSync(log);
  child.unref();
  let hasExited = false;
  child.on('exit', () => (hasExited = true));
  const deadline = Date.now() + SUPERVISOR_START_MAX_MS;
  while (!(await systemStatus(home))) {
    if (hasExited || Date.now() > deadline) {
      const file = logFile(home, 'supervisor');
      throw new Failure(['The supervisor did not start:', ...lastLines(file, 10), `Its log: ${file}`].join('\n'));
    }
    await pause();
  }
}

/**
 * Waits until every process, or each replica of one app, is healthy.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ isQuiet: boolean, app?: string }} [options] isQuiet: print no progress
 * @throws {Failure} with the end of the log of each broken process
 */
export async function waitUntilHealthy(home, { isQuiet, app } = { isQuiet: false }) {
  const startedAt = Date.now();
  let progressAt = startedAt;
  const healthy = new Set();
  for (;;) {
    const status = await systemStatus(home);
    if (!status) throw new Failure(`The supervisor has ended; its log: ${logFile(home, 'supervisor')}`);
    for (const { name, isHealthy } of status.processes) {
      if (!isHealthy || healthy.has(name)) continue;
      healthy.add(name);
      progressAt = Date.now();
      if (!isQuiet) tell(`  ${name.padEnd(22)} healthy after ${elapsed(startedAt)}`);
    }
    const unhealthy = status.processes.filter(
      ({ name, isHealthy }) => !isHealthy && (app === undefined || isReplicaOf(app, name)),
    );
    if (unhealthy.length === 0) return status;
    const isLate = Date.now() - progressAt > NO_PROGRESS_MAX_MS;
    const broken = unhealthy.filter(({ restarts, pid }) => isLate || (restarts >= RESTARTS_MAX && pid === undefined));
    if (broken.length > 0) throw new Failure(broken.map((one) => describeBroken(home, one)).join('\n\n'));
    await pause();
  }
}

/** @param {import('../../machine/paths.mjs').Home} home @param {import('./control.mjs').ProcessStatus} status */
function describeBroken(home, { name, detail, restarts }) {
  const file = logFile(home, name);
  return [
    `${name} is not healthy: ${detail || 'no reason given'} (restarted ${restarts} times). The end of its log:`,
    ...lastLines(file, 20).map((line) => `  ${line}`),
    `The whole log: ${file}`,
  ].join('\n');
}

/**
 * @param {import('../../machine/paths.mjs').Home} home
 * @returns {Promise<import('./control.mjs').SystemStatus | undefined>} undefined if no supervisor runs
 */
export function systemStatus(home) {
  return askSupervisor(home, { command: 'status' });
}

/**
 * Stops the supervisor and everything it runs.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ isDataDoomed: boolean }} [options] isDataDoomed: all data will be removed next, so engines are killed
 * @returns {Promise<boolean>} whether one was running
 */
export async function stopSupervisor(home, { isDataDoomed } = { isDataDoomed: false }) {
  const supervisor = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  const answer = await askSupervisor(home, { command: 'stop', isDataDoomed }).catch(() => undefined);
  if (supervisor) await hasEnded(supervisor, 10_000);
  await endDeafSupervisor(home);
  return supervisor !== undefined || answer !== undefined;
}

/** Kills a supervisor that runs but doesn't answer. @param {import('../../machine/paths.mjs').Home} home */
async function endDeafSupervisor(home) {
  const supervisor = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  if (!supervisor || (await systemStatus(home))) return;
  signal(supervisor, 'SIGKILL');
  await hasEnded(supervisor, 5000);
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
