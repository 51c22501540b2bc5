// @ts-check
import { basename, join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { withProgress } from '../console/progress.mjs';
import { lastLines, logFile } from '../machine/log-file.mjs';
import { ROOT } from '../machine/paths.mjs';
import { runCommand } from '../machine/run-command.mjs';
import { REPLICAS_MAX as PRIVATE_REPLICAS_MAX } from '../native/settings/apps.mjs';
import { CONSUMERS, consumerService } from '../settings/consumers.mjs';
import { readSettings } from '../settings/settings.mjs';
import { imagesFile } from './images.mjs';

const REPLICAS_MAX = 8;

/** The apps that can be scaled, and the maximum: the load balancer has room for that many replicas of each service. */
export const SCALE_BOUNDS = {
  apps: [
    'cart-api',
    'cart-worker',
    'checkout-worker',
    'inventory-manager',
    'wallet-api',
    ...CONSUMERS.map(consumerService),
    'atm-api',
  ],
  replicasMax: REPLICAS_MAX,
};

/** @typedef {{ command: string, args: string[], env: Record<string, string | undefined> }} Invocation */

/** The project that a home's containers belong to. @param {import('../machine/paths.mjs').Home} home */
export function projectName(home) {
  if (!home.isMain) return `souk-${basename(home.folder).toLowerCase()}`;
  return readSettings(home).values.COMPOSE_PROJECT_NAME ?? 'souk';
}

/** @type {Promise<string[]> | undefined} */
let found;

/**
 * The Compose command on this machine: the plugin of the Docker client, or the standalone program.
 *
 * @returns {Promise<string[]>}
 */
function findCompose() {
  found ??= (async () => {
    for (const command of [['docker', 'compose'], ['docker-compose']]) {
      const [program = '', ...args] = command;
      if ((await runCommand(program, [...args, 'version'])).code === 0) return command;
    }
    throw new Failure('Containers need Docker with Compose, and there is none. Without them: ./setup.sh --native');
  })();
  return found;
}

/** @throws {Failure} if no Docker engine answers */
export async function requireDocker() {
  const { code, stderr } = await runCommand('docker', ['version', '--format', '{{.Server.Version}}']);
  if (code === 0) return;
  const why = stderr.trim().split('\n').pop() ?? '';
  throw new Failure(`No Docker engine answers: ${why}\nStart it, or do without containers: ./setup.sh --native`);
}

/** @param {import('../machine/paths.mjs').Home} home @param {string[]} args @returns {Promise<Invocation>} */
async function invocation(home, args) {
  const [command = '', ...first] = await findCompose();
  const files = [
    join(ROOT, 'docker-compose.yml'),
    ...(home.isMain ? [] : [join(ROOT, 'deploy/containers/private.yml'), imagesFile(home)]),
  ];
  const { inventoryGrpc, walletGrpc } = readSettings(home).ports;
  return {
    command,
    args: [
      ...first,
      ...files.flatMap((file) => ['--file', file]),
      ...['--env-file', home.envFile, '--project-name', projectName(home), '--project-directory', ROOT],
      ...args,
    ],
    // Variables exported in the user's shell must not override the settings file.
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in readSettings(home).values))),
      // As many ports as a private home's settings.json has addresses.
      INVENTORY_GRPC_PORTS: `${inventoryGrpc}-${inventoryGrpc + PRIVATE_REPLICAS_MAX - 1}`,
      WALLET_GRPC_PORTS: `${walletGrpc}-${walletGrpc + PRIVATE_REPLICAS_MAX - 1}`,
    },
  };
}

/**
 * Runs Compose for a home and returns what it printed.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {string[]} args
 * @param {{ isInteractive?: boolean, extraEnv?: Record<string, string> }} [options] interactive: it uses the user's terminal
 */
export async function compose(home, args, { extraEnv = {}, ...options } = {}) {
  const { command, args: all, env } = await invocation(home, args);
  return runCommand(command, all, { env: { ...env, ...extraEnv }, cwd: ROOT, ...options });
}

/**
 * Runs a long Compose command with its output in a log.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {string} title
 * @param {string[]} args
 * @throws {Failure} with the end of the log
 */
export async function composeLogged(home, title, args) {
  const { command, args: all, env } = await invocation(home, args);
  const file = logFile(home, 'compose');
  const run = () => runCommand(command, all, { env, cwd: ROOT, logFile: file });
  const { code, stderr } = await withProgress(title, run);
  if (code === 0) return;
  const end = [stderr, ...lastLines(file, 20)].filter((line) => line !== '').map((line) => `  ${line}`);
  throw new Failure(
    [`${title} failed (exit ${code}). The end of the log:`, ...end, `The whole log: ${file}`].join('\n'),
  );
}
