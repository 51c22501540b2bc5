// @ts-check
import { removePidFile, runningProcesses, startMark } from '../../machine/process-identity.mjs';
import { STOP_TIMEOUT_MS } from './supervised-process.mjs';

const POLL_MS = 50;

/**
 * Stops the processes that a killed supervisor left behind, apps first. A process is touched only if it is certainly the recorded
 * one.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ name: string, kind: 'engine' | 'app', cleanUp?: () => Promise<void> }[]} specs what may be running here
 * @returns {Promise<string[]>} the names of those that were stopped
 */
export async function stopOrphans(home, specs) {
  const orphans = runningProcesses(home.run).filter(({ name, pid }) => name !== 'supervisor' && pid !== process.pid);
  const engines = new Set(specs.filter((spec) => spec.kind === 'engine').map((spec) => spec.name));
  await Promise.all(orphans.filter(({ name }) => !engines.has(name)).map((orphan) => stopOrphan(home, orphan)));
  await Promise.all(orphans.filter(({ name }) => engines.has(name)).map((orphan) => stopOrphan(home, orphan)));
  for (const { name } of orphans) await specs.find((spec) => spec.name === name)?.cleanUp?.();
  return orphans.map(({ name }) => name);
}

/** @param {import('../../machine/paths.mjs').Home} home @param {{ name: string, pid: number, mark: string }} orphan */
async function stopOrphan(home, orphan) {
  signal(orphan, 'SIGTERM');
  if (!(await hasEnded(orphan, STOP_TIMEOUT_MS))) signal(orphan, 'SIGKILL');
  await hasEnded(orphan, STOP_TIMEOUT_MS);
  removePidFile(home.run, orphan.name);
}

/** @param {{ pid: number, mark: string }} noted @param {NodeJS.Signals} name */
export function signal({ pid, mark }, name) {
  if (startMark(pid) !== mark) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

/** @param {{ pid: number, mark: string }} noted @param {number} timeoutMs */
export async function hasEnded({ pid, mark }, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (startMark(pid) === mark) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
