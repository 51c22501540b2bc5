// @ts-check
import { isPortFree, portHolder } from '../../machine/ports.mjs';
import { runningProcesses } from '../../machine/process-identity.mjs';

/**
 * Describes the ports that a home needs and other processes hold; those of the home's own processes are no conflicts.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../supervision/process-spec.mjs').ProcessSpec[]} specs
 * @returns {Promise<string[]>}
 */
export async function portConflicts(home, specs) {
  const own = runningProcesses(home.run);
  const conflicts = await Promise.all(
    specs.flatMap((spec) =>
      spec.listens.map(async ({ host, port, use }) => {
        if (await isPortFree(port, host)) return [];
        const holder = portHolder(port);
        if (holder ? own.some(({ pid }) => pid === holder.pid) : own.some(({ name }) => name === spec.name)) return [];
        // A port mapper serves every broker, so one that was left behind can be used.
        if (/(^|\/)epmd( |$)/.test(holder?.command ?? '')) return [];
        const who = holder
          ? `held by pid ${holder.pid} (${holder.command})`
          : 'held by a process that this user may not see';
        return [`port ${port}, for ${use}, is ${who}`];
      }),
    ),
  );
  return conflicts.flat();
}
