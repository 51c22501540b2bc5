import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../../console/failure';
import { rotateLogs } from '../../machine/log-file';
import { BUNDLE, type Home } from '../../machine/paths';
import { removePidFile, runningProcesses, writePidFile } from '../../machine/pid-files';
import { untilProcessEnds } from '../../machine/wait';
import { writeScale } from '../../settings/scale';
import { SCALE_BOUNDS } from '../apps';
import { serveControl, type ControlRequest, type SupervisorStatus } from './control';
import { stopOrphans } from './orphans';
import { planProcesses } from './plan';
import { createProcessGroup } from './process-group';
import { attempt } from './supervised-process';
import { createTaskQueue } from './task-queue';

const HOUSEKEEPING_MS = 5000;

/** Changes with the supervisor's own code: the bundle's name contains a hash of its content. */
export const CODE_VERSION = basename(BUNDLE);

export interface SuperviseOptions {
  withApps: boolean;
  /** The pid of a process: everything stops when it has ended. */
  parent: number | undefined;
  onStopped(how: { hasParentEnded: boolean }): void;
}

/** Runs a home's processes until it is stopped. */
export async function supervise(home: Home, options: SuperviseOptions): Promise<void> {
  await takeOver(home);
  let { withApps } = options;
  let hasParentEnded = false;
  const group = createProcessGroup(home);
  const enqueue = createTaskQueue();

  const apply = (replacesOutdated: boolean) => group.apply(planProcesses(home, { withApps }), { replacesOutdated });

  const stop = (isDataDoomed: boolean) =>
    enqueue(async () => {
      await group.stopAll({ isDataDoomed });
      control.close();
      removePidFile(home.run, 'supervisor');
      // The response to the stop request must be sent first.
      setTimeout(() => options.onStopped({ hasParentEnded }), 50);
    });

  async function handle(request: ControlRequest): Promise<SupervisorStatus | void> {
    switch (request.command) {
      case 'status':
        return { codeVersion: CODE_VERSION, withApps, processes: await group.status(request.names) };
      case 'apply':
        withApps = request.withApps;
        return enqueue(() => apply(true));
      case 'scale':
        writeScale(home, SCALE_BOUNDS, request.name, request.count);
        return enqueue(() => apply(false));
      case 'restart':
        for (const name of request.names) if (!group.has(name)) throw new Failure(`There is no process "${name}".`);
        return enqueue(async () => {
          await group.stop(request.names);
          await apply(false);
        });
      case 'stop':
        return stop(request.isDataDoomed);
    }
  }

  const control = await serveControl(home.run, handle);
  await enqueue(() => apply(true));
  startHousekeeping(home, () => void stop(true));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(false));
  if (options.parent === undefined) return;
  await untilProcessEnds(options.parent);
  hasParentEnded = true;
  await stop(true);
}

/** Makes this process the supervisor of a home, and stops the processes that an earlier one left running. */
async function takeOver(home: Home): Promise<void> {
  process.chdir(home.run);
  const other = runningProcesses(home.run).find(({ name }) => name === 'supervisor');
  if (other) throw new Failure(`Another supervisor (pid ${other.pid}) is already running here.`);
  writePidFile(home.run, 'supervisor', process.pid);
  const orphanNames = await stopOrphans(home, planProcesses(home, { withApps: true }));
  if (orphanNames.length > 0)
    console.log(`stopped processes that an earlier supervisor left running: ${orphanNames.join(', ')}`);
}

function startHousekeeping(home: Home, onRemoved: () => void): void {
  attempt(() => rotateLogs(home));
  setInterval(() => {
    attempt(() => rotateLogs(home));
    // If the home was removed, none of its processes may keep running.
    if (!existsSync(home.run)) onRemoved();
  }, HOUSEKEEPING_MS);
}
