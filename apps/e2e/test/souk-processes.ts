import { eventually, isInContainers } from '@souk/testing';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export const APPS = [
  'cart-api',
  'cart-worker',
  'checkout-worker',
  'inventory-manager',
  'wallet-api',
  'monitoring',
  'atm-api',
] as const;
export const ENGINES = ['mysql', 'rabbitmq', 'redis'] as const;
/** The consumers of the wallet's events, all in the app `monitoring`. */
export const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'] as const;

const HEALTHY_TIMEOUT_MS = 120_000;
/** Each poll runs `souk status`, which starts several programs and queries the engines. */
const STATUS_POLL_MS = 1_000;
const RESTART_TIMEOUT_MS = 30_000;

const run = promisify(execFile);

/** Runs a command of `souk` on a system. @returns its output */
export type SoukCommand = (...args: string[]) => Promise<string>;

interface ProcessStatus {
  name: string;
  /** The container's id; undefined for a local process. */
  id?: string;
  pid: number | null;
  state: string;
  isHealthy: boolean;
  restarts: number;
}

/** Controls the processes of a system. The name `monitoring` means all of its consumers. */
export interface SoukProcesses {
  /** The running processes; the second replica of an app is named `NAME-2`. */
  processes(): Promise<ProcessStatus[]>;
  /** Sends SIGKILL once the process is running; the supervisor restarts it. */
  kill(name: string): Promise<void>;
  /** Suspends a process until `thaw`. */
  freeze(name: string): Promise<void>;
  thaw(name: string): Promise<void>;
  scale(name: string, count: number): Promise<void>;
  /** Waits until every process is healthy. */
  healthy(): Promise<void>;
}

/** @returns the process names of an app or a replica, such as `wallet-api-2`. In containers, each consumer is a separate service. */
export function processNames(name: string): string[] {
  const match = isInContainers && /^monitoring(?<replica>-\d+)?$/.exec(name);
  if (!match) return [name];
  return CONSUMERS.map((consumer) => `monitoring-${consumer}${match.groups?.['replica'] ?? ''}`);
}

export function controlProcesses(souk: SoukCommand): SoukProcesses {
  const processes = async (): Promise<ProcessStatus[]> => {
    const stdout = await souk('status', '--json').catch((error: unknown) => (error as { stdout: string }).stdout);
    return (JSON.parse(stdout) as { processes: ProcessStatus[] }).processes;
  };
  const findRunning = async (name: string): Promise<ProcessStatus> => {
    const runningProcess = (await processes()).find((status) => status.name === name && status.pid);
    if (!runningProcess) throw new Error(`${name} is not running`);
    return runningProcess;
  };
  const killOnce = async (name: string) => {
    const runningProcess = await findRunning(name);
    if (runningProcess.id === undefined) process.kill(runningProcess.pid!, 'SIGKILL');
    else await killContainer({ ...runningProcess, id: runningProcess.id }, processes);
  };

  return {
    processes,
    kill: (name) => forEachProcess(name, (processName) => eventually(() => killOnce(processName))),
    freeze: (name) => forEachProcess(name, async (processName) => freeze(await findRunning(processName))),
    thaw: (name) => forEachProcess(name, async (processName) => thaw(await findRunning(processName))),
    scale: async (name, count) => {
      // One after another, because each command locks the home.
      for (const processName of processNames(name)) await souk('scale', processName, String(count));
    },
    healthy: () =>
      eventually(
        async () => {
          const statuses = await processes();
          const unhealthy = statuses.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
          if (statuses.length === 0 || unhealthy.length > 0) throw new Error(`not healthy: ${unhealthy.join(', ')}`);
        },
        HEALTHY_TIMEOUT_MS,
        STATUS_POLL_MS,
      ),
  };
}

async function forEachProcess(name: string, act: (processName: string) => Promise<void>): Promise<void> {
  await Promise.all(processNames(name).map(act));
}

async function freeze({ id, pid }: ProcessStatus): Promise<void> {
  if (id === undefined) process.kill(pid!, 'SIGSTOP');
  else await run('docker', ['pause', id]);
}

async function thaw({ id, pid }: ProcessStatus): Promise<void> {
  if (id === undefined) process.kill(pid!, 'SIGCONT');
  else await run('docker', ['unpause', id]);
}

/**
 * Kills a container's process from inside: `docker kill` would count as an intentional stop, after which nothing restarts the
 * container. Resolves when Docker has noticed.
 */
async function killContainer(
  { id, state, restarts }: ProcessStatus & { id: string },
  processes: () => Promise<ProcessStatus[]>,
): Promise<void> {
  if (state === 'paused') {
    // A frozen process must not run again before it dies, so use `docker kill` and start the container explicitly.
    await run('docker', ['kill', id]);
    await run('docker', ['start', id]);
    return;
  }
  // The command fails because its own container goes down.
  await run('docker', ['exec', id, 'bash', '-c', 'kill -9 $(cat /proc/1/task/1/children)']).catch(() => undefined);
  await eventually(
    async () => {
      const current = (await processes()).find((status) => status.id === id);
      if (current && current.restarts === restarts) throw new Error(`${current.name} is still running`);
    },
    RESTART_TIMEOUT_MS,
    STATUS_POLL_MS,
  );
}
