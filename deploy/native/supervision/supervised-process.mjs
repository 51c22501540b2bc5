// @ts-check
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { messageOf } from '../../console/failure.mjs';
import { logFile, openLog } from '../../machine/log-file.mjs';
import { removePidFile, writePidFile } from '../../machine/process-identity.mjs';

const RESTART_DELAY_FIRST_MS = 100;
const RESTART_DELAY_MAX_MS = 10_000;
/** A process that ran this long counts as stable: its next restart delay is the first one again. */
const STABLE_AFTER_MS = 10_000;
/** How long a process may take to stop before it is killed, in addition to its SHUTDOWN_DELAY_MS. */
export const STOP_TIMEOUT_MS = 10_000;

/**
 * @typedef {'starting' | 'running' | 'restarting' | 'stopped'} ProcessState
 * @typedef {object} SupervisedProcess
 * @property {import('./process-spec.mjs').ProcessSpec} spec
 * @property {() => void} start
 * @property {(signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>} stop resolves when the process is gone for good
 * @property {() => { pid: number | undefined, state: ProcessState, restarts: number, lastEnd: string }} look
 */

/** How long to wait before the next start. @param {number} failures consecutive starts that didn't last */
export function restartDelayMs(failures) {
  return Math.min(RESTART_DELAY_FIRST_MS * 2 ** failures, RESTART_DELAY_MAX_MS);
}

/**
 * Keeps one process running until it is stopped.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('./process-spec.mjs').ProcessSpec} spec
 * @returns {SupervisedProcess}
 */
export function superviseProcess(home, spec) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<void>} */
  let launching = Promise.resolve();
  /** @type {ProcessState} */
  let state = 'stopped';
  let [isWanted, restarts, failures, lastEnd] = [false, 0, 0, ''];

  async function launch() {
    state = 'starting';
    try {
      await spec.prepare?.();
      if (isWanted) spawnChild();
    } catch (error) {
      ended(messageOf(error), 0);
    }
  }

  function spawnChild() {
    const log = openLog(home, spec.name);
    const { command, args, env, cwd, owner } = spec;
    const startedAt = Date.now();
    // The log is a file, not a pipe to this process: a child must survive its supervisor's death.
    const started = spawn(command, args, { env, cwd, stdio: ['ignore', log, log], ...owner });
    closeSync(log);
    started.on('error', (error) => ended(messageOf(error), 0));
    const { pid } = started;
    if (pid === undefined) return;
    child = started;
    state = 'running';
    started.on('exit', (code, signal) => {
      child = undefined;
      ended(signal ? `killed by ${signal}` : `exited with ${code}`, Date.now() - startedAt);
    });
    attempt(() => writePidFile(home.run, spec.name, pid));
  }

  /** @param {string} reason @param {number} livedMs */
  function ended(reason, livedMs) {
    lastEnd = reason;
    if (!isWanted) return;
    if (livedMs >= STABLE_AFTER_MS) failures = 0;
    const delayMs = restartDelayMs(failures);
    failures += 1;
    restarts += 1;
    state = 'restarting';
    note(`${spec.name} ${reason}; next start in ${delayMs} ms`);
    timer = setTimeout(() => (launching = launch()), delayMs);
  }

  /** @param {string} text */
  function note(text) {
    const line = `${new Date().toISOString()} supervisor: ${text}\n`;
    process.stdout.write(line);
    attempt(() => appendFileSync(logFile(home, spec.name), line));
  }

  return {
    spec,
    start() {
      if (isWanted) return;
      isWanted = true;
      launching = launch();
    },
    async stop(signal = 'SIGTERM') {
      isWanted = false;
      clearTimeout(timer);
      await launching;
      if (child) await terminate(child, signal, STOP_TIMEOUT_MS + Number(spec.env['SHUTDOWN_DELAY_MS'] ?? 0));
      removePidFile(home.run, spec.name);
      await spec.cleanUp?.();
      state = 'stopped';
    },
    look: () => ({ pid: child?.pid, state, restarts, lastEnd }),
  };
}

/** A full disk or a removed folder must not end the supervision. @param {() => void} write */
export function attempt(write) {
  try {
    write();
  } catch (error) {
    console.error(messageOf(error));
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {number} timeoutMs
 */
async function terminate(child, signal, timeoutMs) {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await exited;
  clearTimeout(killer);
}
