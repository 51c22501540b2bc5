import { existsSync } from 'node:fs';
import { Failure } from '../console/failure';
import type { Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';
import type { ProcessStatus } from '../runtime';
import { projectName } from './compose';

/** The part of the output of `docker inspect` that is read here. */
interface InspectedContainer {
  Id: string;
  RestartCount: number;
  Config: { Labels: Record<string, string> };
  State: {
    Pid: number;
    Status: string;
    ExitCode: number;
    Health?: { Status: string; Log: { Output: string }[] | null };
  };
  NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> };
}

export interface ContainerStatus extends ProcessStatus {
  id: string;
}

/** A home's containers, sorted by name; the second replica of a service is `NAME-2`. Empty if the home was never brought up. */
export async function listContainers(home: Home): Promise<ContainerStatus[]> {
  if (!existsSync(home.envFile)) return [];
  const ids = await listContainerIds(home, '--all', '--no-trunc');
  if (ids.length === 0) return [];
  // If a container has just been removed, it is missing from the output, which is right.
  const { stdout } = await runCommand('docker', ['inspect', ...ids]);
  const statuses = (JSON.parse(stdout) as InspectedContainer[]).map(describe);
  return statuses.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** @param options of `docker ps` */
export function listContainerIds(home: Home, ...options: string[]): Promise<string[]> {
  return listDocker(
    ...['ps', '--filter', projectFilter(home), ...options],
    // Excludes the one-off containers of commands such as `audit`.
    ...['--filter', 'label=com.docker.compose.oneoff=False'],
  );
}

export function projectFilter(home: Home): string {
  return `label=com.docker.compose.project=${projectName(home)}`;
}

/**
 * Runs a `docker` command that lists something.
 * @returns ids or names
 * @throws Failure if Docker doesn't respond
 */
export async function listDocker(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCommand('docker', [...args, '--quiet']);
  if (code !== 0) throw new Failure(`Docker does not respond: ${stderr.trim()}`);
  return stdout.split('\n').filter((line) => line !== '');
}

function describe({ Id, RestartCount, Config, State, NetworkSettings }: InspectedContainer): ContainerStatus {
  const { 'com.docker.compose.service': service = '', 'com.docker.compose.container-number': number = '1' } =
    Config.Labels;
  const publishedPorts = Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []);
  const isHealthy = State.Status === 'running' && State.Health?.Status === 'healthy';
  return {
    id: Id,
    name: number === '1' ? service : `${service}-${number}`,
    pid: State.Pid === 0 ? undefined : State.Pid,
    port: publishedPorts[0] ? Number(publishedPorts[0].HostPort) : undefined,
    state: State.Status,
    isHealthy,
    // An earlier health check says nothing about a container that has stopped since.
    detail:
      isHealthy || State.Status !== 'running' ? '' : (State.Health?.Log?.at(-1)?.Output.trim().split('\n').pop() ?? ''),
    restarts: RestartCount,
    lastExit: RestartCount === 0 ? '' : `exited with code ${State.ExitCode}`,
  };
}
