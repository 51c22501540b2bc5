import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { messageOf } from '../../console/failure';
import { logFile, openLog } from '../../machine/log-file';
import type { Home } from '../../machine/paths';
import { removePidFile, writePidFile } from '../../machine/pid-files';
import type { ProcessSpec } from './process-spec';

const RESTART_DELAY_FIRST_MS = 100;
const RESTART_DELAY_MAX_MS = 10_000;
/** A process that has run this long counts as stable: its restart delays begin with the first one again. */
const STABLE_AFTER_MS = 10_000;
/** How long a process may take to stop before it is killed, in addition to its SHUTDOWN_DELAY_MS. */
export const STOP_TIMEOUT_MS = 10_000;

export interface SupervisedProcess {
  spec: ProcessSpec;
  start(): void;
  /** Resolves when the process has ended and won't restart. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  status(): {
    pid: number | undefined;
    state: 'starting' | 'running' | 'restarting' | 'stopped';
    restarts: number;
    lastExit: string;
  };
}

/** How long to wait before the next start. @param failures the number of consecutive starts that failed soon */
export function restartDelayMs(failures: number): number {
  return Math.min(RESTART_DELAY_FIRST_MS * 2 ** failures, RESTART_DELAY_MAX_MS);
}

/** Keeps one process running until it is stopped. */
export function superviseProcess(home: Home, spec: ProcessSpec): SupervisedProcess {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let launching: Promise<void> = Promise.resolve();
  let state: ReturnType<SupervisedProcess['status']>['state'] = 'stopped';
  let [isStarted, restarts, lastExit] = [false, 0, ''];
  const nextDelayMs = createRestartDelays();

  async function launch(): Promise<void> {
    state = 'starting';
    try {
      await spec.prepare?.();
      if (isStarted) runChild();
    } catch (error) {
      handleExit(messageOf(error), 0);
    }
  }

  function runChild(): void {
    const startedAt = Date.now();
    const newChild = spawnRecorded(home, spec);
    newChild.on('error', (error) => handleExit(messageOf(error), 0));
    if (newChild.pid === undefined) return;
    child = newChild;
    state = 'running';
    newChild.on('exit', (code, signal) => {
      child = undefined;
      handleExit(signal ? `killed by ${signal}` : `exited with code ${code}`, Date.now() - startedAt);
    });
  }

  function handleExit(reason: string, uptimeMs: number): void {
    lastExit = reason;
    if (!isStarted) return;
    const delayMs = nextDelayMs(uptimeMs);
    restarts += 1;
    state = 'restarting';
    log(home, spec.name, `${spec.name} ${reason}; next start in ${delayMs} ms`);
    timer = setTimeout(() => void (launching = launch()), delayMs);
  }

  return {
    spec,
    start() {
      if (isStarted) return;
      isStarted = true;
      launching = launch();
    },
    async stop(signal = 'SIGTERM') {
      isStarted = false;
      clearTimeout(timer);
      await launching;
      if (child) await terminate(child, signal, STOP_TIMEOUT_MS + Number(spec.env['SHUTDOWN_DELAY_MS'] ?? 0));
      removePidFile(home.run, spec.name);
      await spec.cleanUp?.();
      state = 'stopped';
    },
    status: () => ({ pid: child?.pid, state, restarts, lastExit }),
  };
}

/** @returns a function that computes the delay before the next start from the uptime of the process that failed */
function createRestartDelays(): (uptimeMs: number) => number {
  let failures = 0;
  return (uptimeMs) => {
    if (uptimeMs >= STABLE_AFTER_MS) failures = 0;
    return restartDelayMs(failures++);
  };
}

/** Starts a process with a log and a pid file. The log isn't a pipe: a child must survive its supervisor's death. */
function spawnRecorded(home: Home, { name, command, args, env, cwd, owner }: ProcessSpec): ChildProcess {
  const output = openLog(home, name);
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', output, output], ...owner });
  closeSync(output);
  const { pid } = child;
  if (pid !== undefined) attempt(() => writePidFile(home.run, name, pid));
  return child;
}

/** Adds a line to the supervisor's log and to that of a process. */
function log(home: Home, name: string, text: string): void {
  const line = `${new Date().toISOString()} supervisor: ${text}\n`;
  process.stdout.write(line);
  attempt(() => appendFileSync(logFile(home, name), line));
}

/** A full disk or a removed folder must not end the supervision. */
export function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    console.error(messageOf(error));
  }
}

async function terminate(child: ChildProcess, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await exited;
  clearTimeout(killer);
}
