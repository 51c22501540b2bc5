import { processMark } from '@souk/process';
import type { Home } from '../../machine/paths';
import { removePidFile, runningProcesses, type RecordedProcess } from '../../machine/pid-files';
import { pause } from '../../machine/wait';
import type { ProcessSpec } from './process-spec';
import { STOP_TIMEOUT_MS } from './supervised-process';

const POLL_MS = 50;

/**
 * Stops the processes that a killed supervisor left behind, apps first. Only a process that is certainly the recorded one
 * gets a signal.
 * @param specs the processes that may be running here
 * @returns the names of those that were stopped
 */
export async function stopOrphans(
  home: Home,
  specs: Pick<ProcessSpec, 'name' | 'kind' | 'cleanUp'>[],
): Promise<string[]> {
  const orphans = runningProcesses(home.run).filter(({ name, pid }) => name !== 'supervisor' && pid !== process.pid);
  const engines = new Set(specs.filter((spec) => spec.kind === 'engine').map((spec) => spec.name));
  await Promise.all(orphans.filter(({ name }) => !engines.has(name)).map((orphan) => stopOrphan(home, orphan)));
  await Promise.all(orphans.filter(({ name }) => engines.has(name)).map((orphan) => stopOrphan(home, orphan)));
  for (const { name } of orphans) await specs.find((spec) => spec.name === name)?.cleanUp?.();
  return orphans.map(({ name }) => name);
}

async function stopOrphan(home: Home, orphan: RecordedProcess): Promise<void> {
  signal(orphan, 'SIGTERM');
  if (!(await hasEnded(orphan, STOP_TIMEOUT_MS))) signal(orphan, 'SIGKILL');
  await hasEnded(orphan, STOP_TIMEOUT_MS);
  removePidFile(home.run, orphan.name);
}

export function signal({ pid, mark }: RecordedProcess, name: NodeJS.Signals): void {
  if (processMark(pid) !== mark) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

/** Waits until a process has ended, but no longer than `timeoutMs`. @returns whether it has */
export async function hasEnded({ pid, mark }: RecordedProcess, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (processMark(pid) === mark) {
    if (Date.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}
