import type { Home } from '../../machine/paths';
import type { ProcessStatus } from '../../runtime';
import type { ProcessSpec } from './process-spec';
import { superviseProcess, type SupervisedProcess } from './supervised-process';

/** The supervised processes of a home, in the order of the plan. */
export interface ProcessGroup {
  /**
   * Starts the processes of a plan and stops all others.
   * @param options replacesOutdated: restart processes that run another version; otherwise they keep their build and settings
   */
  apply(plan: ProcessSpec[], options: { replacesOutdated: boolean }): Promise<void>;
  has(name: string): boolean;
  stop(names: readonly string[]): Promise<void>;
  /** @param options isDataDoomed: engines needn't shut down cleanly, because their data will be removed */
  stopAll(options: { isDataDoomed: boolean }): Promise<void>;
  /** @param names default: all */
  status(names?: readonly string[]): Promise<ProcessStatus[]>;
}

export function createProcessGroup(home: Home): ProcessGroup {
  const processes = new Map<string, SupervisedProcess>();

  /** Stops apps first, so that they can finish their work. */
  async function stopMembers(members: SupervisedProcess[], isDataDoomed = false): Promise<void> {
    for (const kind of ['app', 'engine']) {
      const signal = isDataDoomed && kind === 'engine' ? 'SIGKILL' : 'SIGTERM';
      await Promise.all(members.filter(({ spec }) => spec.kind === kind).map((member) => member.stop(signal)));
    }
    for (const { spec } of members) processes.delete(spec.name);
  }

  return {
    async apply(plan, { replacesOutdated }) {
      const versions = new Map(plan.map(({ name, version }) => [name, version]));
      const isCurrent = ({ spec }: SupervisedProcess) =>
        replacesOutdated ? versions.get(spec.name) === spec.version : versions.has(spec.name);
      await stopMembers([...processes.values()].filter((member) => !isCurrent(member)));
      for (const spec of plan) {
        const member = processes.get(spec.name) ?? superviseProcess(home, spec);
        // Inserted again each time, so that they are listed in the plan's order.
        processes.delete(spec.name);
        processes.set(spec.name, member);
        member.start();
      }
    },
    has: (name) => processes.has(name),
    stop: (names) => stopMembers([...processes.values()].filter(({ spec }) => names.includes(spec.name))),
    stopAll: ({ isDataDoomed }) => stopMembers([...processes.values()], isDataDoomed),
    status: (names) =>
      Promise.all([...processes.values()].filter(({ spec }) => names?.includes(spec.name) ?? true).map(describe)),
  };
}

async function describe({ spec, status }: SupervisedProcess): Promise<ProcessStatus> {
  const { pid, state, restarts, lastExit } = status();
  const health = pid === undefined ? { isHealthy: false, detail: lastExit } : await spec.checkHealth();
  const { name, kind } = spec;
  const port = spec.listens[0]?.port;
  return { ...{ name, kind }, pid, port, state, restarts, lastExit, ...health };
}
