import { basename, join } from 'node:path';
import { Failure } from '../console/failure';
import { withProgress } from '../console/progress';
import { loggedFailure, logFile } from '../machine/log-file';
import { ROOT, type Home } from '../machine/paths';
import { runCommand, type CommandOptions, type CommandResult } from '../machine/run-command';
import { GRPC_PORTS } from '../settings/addresses';
import { APP_NAMES, CONSUMERS, CONSUMERS_APP } from '../settings/apps';
import type { ScaleBounds } from '../settings/scale';
import { readSettings } from '../settings/settings';
import { imagesFile } from './images';
import { hasTls, TLS_FILE } from './tls';

/** In containers each consumer is a service of its own, such as `monitoring-analytics`. */
export const consumerService = (consumer: string): string => `${CONSUMERS_APP}-${consumer}`;

/** The load balancer has room for this many replicas of each service. */
export const SCALE_BOUNDS: ScaleBounds = {
  apps: APP_NAMES.flatMap((name) => (name === CONSUMERS_APP ? CONSUMERS.map(consumerService) : [name])),
  replicasMax: 8,
};

/** The project that a home's containers belong to. */
export function projectName(home: Home): string {
  if (!home.isMain) return `souk-${basename(home.folder).toLowerCase()}`;
  return readSettings(home).values.COMPOSE_PROJECT_NAME ?? 'souk';
}

let composeCommand: Promise<string[]> | undefined;

/** The Compose command on this machine: the plugin of the Docker client, or the standalone program. */
function findCompose(): Promise<string[]> {
  composeCommand ??= (async () => {
    for (const command of [['docker', 'compose'], ['docker-compose']]) {
      const [program = '', ...args] = command;
      if ((await runCommand(program, [...args, 'version'])).code === 0) return command;
    }
    const advice = 'To run without containers: ./setup.sh --native';
    throw new Failure(`Containers need Docker with Compose, which is not installed. ${advice}`);
  })();
  return composeCommand;
}

/** @throws Failure if no Docker engine is available */
export async function requireDocker(): Promise<void> {
  const { code, stderr } = await runCommand('docker', ['version', '--format', '{{.Server.Version}}']);
  if (code === 0) return;
  const reason = stderr.trim().split('\n').pop() ?? '';
  throw new Failure(
    `No Docker engine is available: ${reason}\nStart it, or run without containers: ./setup.sh --native`,
  );
}

/** Runs Compose for a home. */
export async function compose(
  home: Home,
  args: string[],
  { extraEnv = {}, ...options }: Omit<CommandOptions, 'env' | 'cwd'> & { extraEnv?: Record<string, string> } = {},
): Promise<CommandResult> {
  const [command = '', ...commandArgs] = await findCompose();
  const files = [
    join(ROOT, 'docker-compose.yml'),
    ...(hasTls(readSettings(home)) ? [join(ROOT, TLS_FILE)] : []),
    ...(home.isMain ? [] : [join(ROOT, 'deploy/containers/private.yml'), imagesFile(home)]),
  ].flatMap((file) => ['--file', file]);
  const project = ['--env-file', home.envFile, '--project-name', projectName(home), '--project-directory', ROOT];
  const env = { ...composeEnvironment(home), ...extraEnv };
  return runCommand(command, [...commandArgs, ...files, ...project, ...args], { ...options, env, cwd: ROOT });
}

function composeEnvironment(home: Home): Record<string, string | undefined> {
  const { ports, values } = readSettings(home);
  const portRange = (first: number) => `${first}-${first + GRPC_PORTS - 1}`;
  return {
    // Variables exported in the user's shell must not override the settings file.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in values))),
    TLS_FOLDER: home.tls,
    // As many ports as a private home's settings.json has addresses.
    INVENTORY_GRPC_PORTS: portRange(ports.inventoryGrpc),
    WALLET_GRPC_PORTS: portRange(ports.walletGrpc),
  };
}

/**
 * Runs a long Compose command with its output in a log.
 * @throws Failure with the end of the log
 */
export async function composeLogged(home: Home, title: string, args: string[]): Promise<void> {
  const file = logFile(home, 'compose');
  const result = await withProgress(title, () => compose(home, args, { logFile: file }));
  if (result.code !== 0) throw loggedFailure(title, file, result);
}
