import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Failure } from '../../console/failure';
import { elapsedSince, printProgress } from '../../console/progress';
import { lastLines, logFile, openLog } from '../../machine/log-file';
import { BUNDLE, type Home } from '../../machine/paths';
import { runningProcesses } from '../../machine/pid-files';
import { pause } from '../../machine/wait';
import type { ProcessStatus } from '../../runtime';
import { isReplicaOf } from '../../settings/scale';
import { askSupervisor, type SupervisorStatus } from './control';
import { hasEnded, signal } from './orphans';
import { CODE_VERSION } from './supervisor';

const POLL_MS = 150;
const SUPERVISOR_START_MAX_MS = 30_000;
/** Startup fails if no further process becomes healthy for this long. A slow machine may take longer in total. */
const NO_PROGRESS_MAX_MS = 180_000;
/** Restarts after which a process that isn't running counts as broken; with the growing delays that takes about 25 s. */
const RESTARTS_MAX = 8;

export interface StartOptions {
  withApps: boolean;
  /** The pid of a process: everything stops when it has ended. */
  parent: number | undefined;
}

/** Makes sure that a home's supervisor is running, with the current code and settings. */
export async function startSupervisor(home: Home, { withApps, parent }: StartOptions): Promise<void> {
  const status = await supervisorStatus(home);
  if (status && status.codeVersion !== CODE_VERSION) {
    printProgress('The supervisor has changed; all processes restart.');
    await stopSupervisor(home);
  }
  await killUnresponsiveSupervisor(home);
  if (!(await supervisorStatus(home))) await launchSupervisor(home, { withApps, parent });
  await askSupervisor(home, { command: 'apply', withApps });
}

async function launchSupervisor(home: Home, { withApps, parent }: StartOptions): Promise<void> {
  const args = [BUNDLE, 'supervise', '--home', home.folder];
  if (!withApps) args.push('--engines-only');
  if (parent !== undefined) args.push('--parent', String(parent));
  const log = openLog(home, 'supervisor');
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  closeSync(log);
  child.unref();
  let hasExited = false;
  child.on('exit', () => (hasExited = true));
  const deadline = Date.now() + SUPERVISOR_START_MAX_MS;
  while (!(await supervisorStatus(home))) {
    if (hasExited || Date.now() > deadline) {
      const file = logFile(home, 'supervisor');
      const lines = ['The supervisor did not start. The end of its log:', ...lastLines(file, 10)];
      throw new Failure([...lines, `The whole log: ${file}`].join('\n'));
    }
    await pause(POLL_MS);
  }
}

/**
 * Waits until every process, or each replica of one app, is healthy.
 * @param options isQuiet: print no progress
 * @throws Failure with the end of the log of each broken process
 */
export async function waitUntilHealthy(
  home: Home,
  { isQuiet, app }: { isQuiet: boolean; app?: string | undefined },
): Promise<void> {
  const startedAt = Date.now();
  let lastProgressAt = startedAt;
  const healthyNames = new Set<string>();
  for (;;) {
    const status = await supervisorStatus(home);
    if (!status) throw new Failure(`The supervisor has ended; its log: ${logFile(home, 'supervisor')}`);
    for (const { name, isHealthy } of status.processes) {
      if (!isHealthy || healthyNames.has(name)) continue;
      healthyNames.add(name);
      lastProgressAt = Date.now();
      if (!isQuiet) printProgress(`  ${name.padEnd(22)} healthy after ${elapsedSince(startedAt)}`);
    }
    const unhealthy = status.processes.filter(
      ({ name, isHealthy }) => !isHealthy && (app === undefined || isReplicaOf(app, name)),
    );
    if (unhealthy.length === 0) return;
    const isTooLate = Date.now() - lastProgressAt > NO_PROGRESS_MAX_MS;
    const isBroken = ({ restarts, pid }: ProcessStatus) => restarts >= RESTARTS_MAX && pid === undefined;
    const broken = isTooLate ? unhealthy : unhealthy.filter(isBroken);
    if (broken.length > 0) throw new Failure(broken.map((process) => describeBroken(home, process)).join('\n\n'));
    await pause(POLL_MS);
  }
}

function describeBroken(home: Home, { name, detail, restarts }: ProcessStatus): string {
  const file = logFile(home, name);
  return [
    `${name} is not healthy: ${detail || 'no reason given'} (restarts: ${restarts}). The end of its log:`,
    ...lastLines(file, 20).map((line) => `  ${line}`),
    `The whole log: ${file}`,
  ].join('\n');
}

/**
 * @param names of the processes to describe; default: all
 * @returns undefined if no supervisor is running
 */
export function supervisorStatus(home: Home, names?: readonly string[]): Promise<SupervisorStatus | undefined> {
  return askSupervisor(home, { command: 'status', ...(names ? { names } : {}) });
}

/**
 * Stops the supervisor and all its processes.
 * @param options isDataDoomed: all data will be removed next, so engines are killed
 * @returns whether one was running
 */
export async function stopSupervisor(home: Home, { isDataDoomed } = { isDataDoomed: false }): Promise<boolean> {
  const supervisor = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  const response = await askSupervisor(home, { command: 'stop', isDataDoomed }).catch(() => undefined);
  if (supervisor) await hasEnded(supervisor, 10_000);
  await killUnresponsiveSupervisor(home);
  return supervisor !== undefined || response !== undefined;
}

async function killUnresponsiveSupervisor(home: Home): Promise<void> {
  const supervisor = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  if (!supervisor || (await supervisorStatus(home))) return;
  signal(supervisor, 'SIGKILL');
  await hasEnded(supervisor, 5000);
}
