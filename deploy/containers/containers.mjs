// @ts-check
import { Failure } from '../console/failure.mjs';
import { runCommand } from '../machine/run-command.mjs';
import { projectName } from './compose.mjs';

/**
 * The part of the output of `docker inspect` that is read here.
 *
 * @typedef {object} Inspected
 * @property {string} Id
 * @property {number} RestartCount
 * @property {{ Labels: Record<string, string> }} Config
 * @property {{ Pid: number, Status: string, ExitCode: number, Health?: { Status: string, Log: { Output: string }[] | null } }} State
 * @property {{ Ports: Record<string, { HostPort: string }[] | null> }} NetworkSettings
 *
 * @typedef {import('../console/status-table.mjs').ProcessRow & { id: string }} ContainerStatus
 */

/**
 * A home's containers, sorted by name; the second replica of a service is `NAME-2`.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @returns {Promise<ContainerStatus[]>}
 */
export async function containers(home) {
  const ids = await dockerList(
    ...['ps', '--all', '--no-trunc', '--filter', `label=com.docker.compose.project=${projectName(home)}`],
    // Excludes the one-off containers of commands such as `audit`.
    ...['--filter', 'label=com.docker.compose.oneoff=False'],
  );
  if (ids.length === 0) return [];
  // A container that has just been removed is missing from the output, as it should be.
  const inspected = /** @type {Inspected[]} */ (JSON.parse((await runCommand('docker', ['inspect', ...ids])).stdout));
  return inspected.map(describe).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Runs a `docker` command that lists something.
 *
 * @param {string[]} args
 * @returns {Promise<string[]>} ids or names
 * @throws {Failure} if Docker doesn't answer
 */
export async function dockerList(...args) {
  const { code, stdout, stderr } = await runCommand('docker', [...args, '--quiet']);
  if (code !== 0) throw new Failure(`Docker can't be asked: ${stderr.trim()}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** @param {Inspected} container @returns {ContainerStatus} */
function describe({ Id, RestartCount, Config, State, NetworkSettings }) {
  const { 'com.docker.compose.service': service = '', 'com.docker.compose.container-number': number = '1' } =
    Config.Labels;
  const published = Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []);
  const isHealthy = State.Status === 'running' && State.Health?.Status === 'healthy';
  return {
    id: Id,
    name: number === '1' ? service : `${service}-${number}`,
    pid: State.Pid === 0 ? undefined : State.Pid,
    port: published[0] ? Number(published[0].HostPort) : undefined,
    state: State.Status,
    isHealthy,
    // An earlier health check says nothing about a container that has stopped since.
    detail:
      isHealthy || State.Status !== 'running' ? '' : (State.Health?.Log?.at(-1)?.Output.trim().split('\n').pop() ?? ''),
    restarts: RestartCount,
    lastEnd: RestartCount === 0 ? '' : `exit ${State.ExitCode}`,
  };
}
