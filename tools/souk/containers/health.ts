import { Failure } from '../console/failure';
import { elapsedSince, printProgress } from '../console/progress';
import type { Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';
import { pause } from '../machine/wait';
import { isReplicaOf } from '../settings/scale';
import { listContainers, type ContainerStatus } from './containers';

const POLL_MS = 500;
/** Startup fails if no further container becomes healthy for this long. A slow machine may take longer in total. */
const NO_PROGRESS_MAX_MS = 300_000;

/**
 * Waits until every container, or each of those named, is healthy.
 * @param options isQuiet: print no progress
 * @throws Failure with the end of the log of each unhealthy container
 */
export async function waitUntilHealthy(
  home: Home,
  { names, isQuiet }: { names?: string[] | undefined; isQuiet: boolean },
): Promise<void> {
  const startedAt = Date.now();
  let lastProgressAt = startedAt;
  const healthyNames = new Set<string>();
  for (;;) {
    const containers = (await listContainers(home)).filter(
      (container) => names === undefined || names.some((name) => isReplicaOf(name, container.name)),
    );
    for (const { name, isHealthy } of containers) {
      if (!isHealthy || healthyNames.has(name)) continue;
      healthyNames.add(name);
      lastProgressAt = Date.now();
      if (!isQuiet) printProgress(`  ${name.padEnd(22)} healthy after ${elapsedSince(startedAt)}`);
    }
    const unhealthy = containers.filter(({ isHealthy }) => !isHealthy);
    if (containers.length > 0 && unhealthy.length === 0) return;
    if (Date.now() - lastProgressAt > NO_PROGRESS_MAX_MS)
      throw new Failure((await Promise.all(unhealthy.map(describeUnhealthy))).join('\n\n'));
    await pause(POLL_MS);
  }
}

async function describeUnhealthy({ id, name, state, detail, restarts }: ContainerStatus): Promise<string> {
  const { stdout, stderr } = await runCommand('docker', ['logs', '--tail', '20', id]);
  const lines = (stdout + stderr).trimEnd().split('\n');
  return [
    `${name} is not healthy: ${state}, ${detail || 'no reason given'} (restarts: ${restarts}). The end of its log:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}
