import type { Home } from '../machine/paths';
import { runningProcesses } from '../machine/pid-files';
import { isPortFree, portHolder } from '../machine/ports';
import type { ProcessSpec } from './supervision/process-spec';

/** Describes the ports that a home needs but other processes hold. Ports held by the home's own processes aren't conflicts. */
export async function portConflicts(home: Home, specs: ProcessSpec[]): Promise<string[]> {
  const ownProcesses = runningProcesses(home.run);
  const conflicts = await Promise.all(
    specs.flatMap((spec) =>
      spec.listens.map(async ({ host, port, use }) => {
        if (await isPortFree(port, host)) return [];
        const holder = portHolder(port);
        if (
          holder
            ? ownProcesses.some(({ pid }) => pid === holder.pid)
            : ownProcesses.some(({ name }) => name === spec.name)
        )
          return [];
        // An Erlang port mapper serves any broker, so one that was left behind can be used.
        if (/(^|\/)epmd( |$)/.test(holder?.command ?? '')) return [];
        const who = holder ? `pid ${holder.pid} (${holder.command})` : 'a process of another user';
        return [`port ${port}, for ${use}, is in use by ${who}`];
      }),
    ),
  );
  return conflicts.flat();
}
