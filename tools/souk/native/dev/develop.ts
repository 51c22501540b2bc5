import { formatMessages } from 'esbuild';
import { join } from 'node:path';
import { Failure } from '../../console/failure';
import { elapsedSince } from '../../console/progress';
import { withLock } from '../../machine/lock';
import { logFile } from '../../machine/log-file';
import { ROOT, type Home } from '../../machine/paths';
import { pause } from '../../machine/wait';
import { APP_NAMES } from '../../settings/apps';
import { isReplicaOf, readScale, replicaName } from '../../settings/scale';
import { REPLICAS_MAX } from '../apps';
import { followLogs } from '../follow-logs';
import { askSupervisor } from '../supervision/control';
import { supervisorStatus } from '../supervision/start';
import { createAppBuilds, type AppBuilds, type RebuildResult } from './app-builds';
import { createLogView } from './log-view';
import { watchSources } from './source-changes';

const POLL_MS = 100;
const SOURCES = ['apps', 'libs'].map((folder) => join(ROOT, folder));

/** Rebuilds and restarts the apps of a running system as their sources change, and follows their logs, until interrupted. */
export async function develop(home: Home): Promise<void> {
  let isInterrupted = false;
  const hasEnded = () => isInterrupted;
  // Not `once`: npm and the terminal may both send the signal, and the caller may still have something to stop.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true));
  const hasColours = process.stdout.isTTY && !process.env.NO_COLOR;
  await Promise.all([followApps(home, hasColours, hasEnded), rebuildOnChange(home, hasColours, hasEnded)]);
}

async function followApps(home: Home, hasColours: boolean, hasEnded: () => boolean): Promise<void> {
  const replicas = Array.from({ length: REPLICAS_MAX }, (_, index) => index + 1);
  const processes = APP_NAMES.flatMap((app) => replicas.map((replica) => ({ app, name: replicaName(app, replica) })));
  const nameWidth = Math.max(...processes.map(({ name }) => name.length));
  const render = createLogView(APP_NAMES, { hasColours, nameWidth });
  // A log that doesn't exist yet is followed once the app is scaled up.
  const logs = processes.map(({ app, name }) => ({
    path: logFile(home, name),
    render: (line: string) => render(app, name, line),
  }));
  await followLogs(logs, hasEnded);
}

async function rebuildOnChange(home: Home, hasColours: boolean, hasEnded: () => boolean): Promise<void> {
  const changes = watchSources(SOURCES);
  const builds = await createAppBuilds(ROOT, APP_NAMES);
  /** The apps that were restarted and aren't healthy yet, each with the time when its sources changed. */
  const starting = new Map<string, number>();
  try {
    // What was built before may be older than the sources.
    for (let changedAt: number | undefined = Date.now(); !hasEnded(); changedAt = changes.take()) {
      if (changedAt !== undefined) {
        const changed = await rebuild(builds, hasColours);
        if (changed.length > 0) await withLock(home, () => restartApps(home, changed));
        for (const app of changed) starting.set(app, changedAt);
      }
      if (starting.size > 0) await reportStarted(home, starting);
      await pause(POLL_MS);
    }
  } finally {
    changes.close();
    await builds.dispose();
  }
}

/** @returns the apps that have changed */
async function rebuild(builds: AppBuilds, hasColours: boolean): Promise<string[]> {
  const { changed, failed } = await builds.rebuild();
  for (const failure of await describeFailures(failed, hasColours)) console.log(failure);
  return changed;
}

/** An error in a lib is described once, with all the apps that it affects. */
async function describeFailures(failed: RebuildResult['failed'], hasColours: boolean): Promise<string[]> {
  const appsByText = new Map<string, string[]>();
  for (const { app, errors } of failed) {
    const text = (await formatMessages(errors, { kind: 'error', color: hasColours })).join('').trimEnd();
    appsByText.set(text, [...(appsByText.get(text) ?? []), app]);
  }
  return [...appsByText].map(
    ([text, apps]) => `Not rebuilt: ${apps.join(', ')}. The last successful build keeps running.\n${text}`,
  );
}

async function restartApps(home: Home, apps: string[]): Promise<void> {
  const names = apps.flatMap((app) => replicasOf(home, app));
  await requireProcesses(home, names);
  await askSupervisor(home, { command: 'restart', names });
}

/** Prints a line for each app that is healthy again or has failed, and removes it from `starting`. */
async function reportStarted(home: Home, starting: Map<string, number>): Promise<void> {
  const names = [...starting.keys()].flatMap((app) => replicasOf(home, app));
  const processes = await requireProcesses(home, names);
  for (const [app, changedAt] of starting) {
    const replicas = processes.filter(({ name }) => isReplicaOf(app, name));
    const failed = replicas.find(({ restarts }) => restarts > 0);
    if (failed)
      console.log(
        `${app} was rebuilt, but ${failed.name} failed (${failed.lastExit}); it will be restarted until it stays up.`,
      );
    else if (replicas.every(({ isHealthy }) => isHealthy))
      console.log(`${app} rebuilt and restarted in ${elapsedSince(changedAt)}`);
    else continue;
    starting.delete(app);
  }
}

/** Leaves out the engines: checking MySQL starts a client, which would take CPU time from the apps that are starting. */
async function requireProcesses(home: Home, names: readonly string[]) {
  const status = await supervisorStatus(home, names);
  if (!status) throw new Failure('Souk has been stopped.');
  return status.processes;
}

/** The names of the processes that run an app. */
function replicasOf(home: Home, app: string): string[] {
  const count = readScale(home)[app] ?? 1;
  return Array.from({ length: count }, (_, index) => replicaName(app, index + 1));
}
