import type { Home } from '../machine/paths';
import { runningProcesses } from '../machine/pid-files';
import { isPortFree, portHolder } from '../machine/ports';
import type { ProcessSpec } from './supervision/process-spec';

/** Describes the ports that a home needs and other processes hold; those of the home's own processes are no conflicts. */
export async function portConflicts(home: Home, specs: ProcessSpec[]): Promise<string[]> {
  const own = runningProcesses(home.run);
  const conflicts = await Promise.all(
    specs.flatMap((spec) =>
      spec.listens.map(async ({ host, port, use }) => {
        if (await isPortFree(port, host)) return [];
        const holder = portHolder(port);
        if (holder ? own.some(({ pid }) => pid === holder.pid) : own.some(({ name }) => name === spec.name)) return [];
        // A port mapper serves every broker, so one that was left behind can be used.
        if (/(^|\/)epmd( |$)/.test(holder?.command ?? '')) return [];
        const who = holder ? `pid ${holder.pid} (${holder.command})` : 'a process of another user';
        return [`port ${port}, for ${use}, is in use by ${who}`];
      }),
    ),
  );
  return conflicts.flat();
}
