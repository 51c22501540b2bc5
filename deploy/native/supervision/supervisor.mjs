// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { rotateLogs } from '../../machine/log-file.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { removePidFile, runningProcesses, startMark, writePidFile } from '../../machine/process-identity.mjs';
import { writeScale } from '../../settings/scale.mjs';
import { SCALE_BOUNDS } from '../settings/apps.mjs';
import { serveControl } from './control.mjs';
import { stopOrphans } from './orphans.mjs';
import { planProcesses } from './plan.mjs';
import { hashOf } from './process-spec.mjs';
import { attempt, superviseProcess } from './supervised-process.mjs';
import { makeQueue } from './task-queue.mjs';

const HOUSEKEEPING_MS = 5000;
const PARENT_CHECK_MS = 1000;

/** Changes with the supervisor's own code. */
export function supervisorVersion() {
  const scripts = ['native', 'machine', 'settings', 'console'].flatMap((name) => {
    const folder = join(ROOT, 'deploy', name);
    const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.mjs'));
    return files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  });
  return hashOf(scripts.join('\n'));
}

/**
 * Runs a home's processes until it is stopped.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ withApps: boolean, parent?: number, onStopped: () => void }} options `parent`: stop when that process is gone
 */
export async function supervise(home, options) {
  let { withApps } = options;
  const codeVersion = supervisorVersion();
  process.chdir(home.run);
  const other = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  if (other) throw new Failure(`A supervisor (pid ${other.pid}) runs here already.`);
  writePidFile(home.run, 'supervisor', process.pid);
  /** @type {Map<string, import('./supervised-process.mjs').SupervisedProcess>} */
  const running = new Map();
  const inTurn = makeQueue();

  /** @param {{ replacesOutdated?: boolean }} [options] false: running processes continue with their build and settings */
  async function apply({ replacesOutdated = true } = {}) {
    const specs = planProcesses(home, { withApps });
    const planned = new Map(specs.map((spec) => [spec.name, spec]));
    const ended = [...running.values()].filter(({ spec }) => {
      const next = planned.get(spec.name);
      return !next || (replacesOutdated && next.version !== spec.version);
    });
    await stopAll(ended);
    for (const spec of specs) {
      const one = running.get(spec.name) ?? superviseProcess(home, spec);
      // Inserted again each time, so that they are listed in the plan's order.
      running.delete(spec.name);
      running.set(spec.name, one);
      one.start();
    }
  }

  /**
   * Stops apps first, so that they can finish their work.
   *
   * @param {import('./supervised-process.mjs').SupervisedProcess[]} processes
   * @param {boolean} [isDataDoomed] engines needn't shut down cleanly, because their data will be removed
   */
  async function stopAll(processes, isDataDoomed = false) {
    for (const kind of ['app', 'engine']) {
      await Promise.all(
        processes
          .filter(({ spec }) => spec.kind === kind)
          .map((one) => one.stop(isDataDoomed && kind === 'engine' ? 'SIGKILL' : 'SIGTERM')),
      );
    }
    for (const { spec } of processes) running.delete(spec.name);
  }

  /** @param {boolean} [isDataDoomed] */
  async function stop(isDataDoomed) {
    await stopAll([...running.values()], isDataDoomed);
    control.close();
    removePidFile(home.run, 'supervisor');
    // The answer to the stop request must be sent first.
    setTimeout(options.onStopped, 50);
  }

  async function status() {
    const processes = [...running.values()].map(async ({ spec, look }) => {
      const { pid, state, restarts, lastEnd } = look();
      const health = pid === undefined ? { isHealthy: false, detail: lastEnd } : await spec.checkHealth();
      return {
        name: spec.name,
        kind: spec.kind,
        pid,
        port: spec.listens[0]?.port,
        state,
        restarts,
        lastEnd,
        ...health,
      };
    });
    return { codeVersion, withApps, processes: await Promise.all(processes) };
  }

  /** @param {import('./control.mjs').ControlRequest} request */
  async function handle(request) {
    const { command, name = '', count = NaN } = request;
    if (command === 'status') return status();
    if (command === 'stop') return inTurn(() => stop(request.isDataDoomed));
    if (command === 'apply') {
      withApps = request.withApps ?? withApps;
      return inTurn(() => apply());
    }
    if (command === 'scale') {
      writeScale(home, SCALE_BOUNDS, name, count);
      return inTurn(() => apply({ replacesOutdated: false }));
    }
    const one = running.get(name);
    if (command !== 'restart' || !one) throw new Failure(`There is no ${command} of "${name}".`);
    return inTurn(async () => {
      await stopAll([one]);
      await apply({ replacesOutdated: false });
    });
  }

  const left = await stopOrphans(home, planProcesses(home, { withApps: true }));
  if (left.length > 0) console.log(`stopped what was left running: ${left.join(', ')}`);
  const control = await serveControl(home.run, handle);
  await inTurn(() => apply());
  attempt(() => rotateLogs(home));
  setInterval(() => {
    attempt(() => rotateLogs(home));
    // If the home was removed, none of its processes may keep running.
    if (!existsSync(home.run)) void inTurn(() => stop(true));
  }, HOUSEKEEPING_MS);
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void inTurn(() => stop()));
  if (options.parent !== undefined) whenGone(options.parent, () => void inTurn(() => stop(true)));
}

/** @param {number} pid @param {() => void} then */
function whenGone(pid, then) {
  const mark = startMark(pid);
  const timer = setInterval(() => {
    if (mark !== undefined && startMark(pid) === mark) return;
    clearInterval(timer);
    then();
  }, PARENT_CHECK_MS);
}
