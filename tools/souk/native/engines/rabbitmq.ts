import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../console/failure';
import { queryRabbitmq } from '../../engines/engine-queries';
import { findExecutable } from '../../machine/find-executable';
import { ROOT, type Home } from '../../machine/paths';
import { runCommand, type Owner } from '../../machine/run-command';
import { writeFileAtomically } from '../../machine/write-file';
import { LOOPBACK } from '../../settings/addresses';
import type { Settings } from '../../settings/settings';
import { baseEnvironment, hashOf, withVersion, type Health, type ProcessSpec } from '../supervision/process-spec';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder';
import { renderDefinitions } from './rabbitmq-definitions';

/** Debian's `rabbitmq-server` in the PATH switches the user and the log; the script behind it doesn't. */
const SERVER = ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'];

export function isRabbitmqInstalled(): boolean {
  return findExecutable(...SERVER) !== undefined;
}

/** A private RabbitMQ broker with an Erlang port mapper of its own. */
export function rabbitmqSpec(home: Home, settings: Settings): ProcessSpec {
  const owner = engineOwner('rabbitmq');
  const folder = engineFolder(home, 'rabbitmq');
  const { rabbitmq: port, rabbitmqManagement, rabbitmqDist, rabbitmqEpmd } = settings.ports;
  const configuration = renderConfiguration(folder, settings);
  const definitions = readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8');
  const env = brokerEnvironment(folder, settings);
  return withVersion(
    {
      name: 'rabbitmq',
      kind: 'engine',
      command: findExecutable(...SERVER) ?? 'rabbitmq-server',
      args: [],
      env,
      cwd: '/',
      owner,
      listens: [
        { host: LOOPBACK, port, use: 'RabbitMQ' },
        { host: LOOPBACK, port: rabbitmqManagement, use: 'RabbitMQ management' },
        { host: LOOPBACK, port: rabbitmqDist, use: 'Erlang distribution' },
        { host: LOOPBACK, port: rabbitmqEpmd, use: 'Erlang port mapper' },
      ],
      prepare() {
        makeEngineFolder(home, 'rabbitmq', owner);
        writeBrokerFiles(folder, owner, { configuration, definitions: renderDefinitions(home, settings, definitions) });
      },
      async cleanUp() {
        const epmd = findExecutable('epmd', '/usr/lib/erlang/bin/epmd');
        if (epmd)
          await runCommand(epmd, ['-kill'], { env: { ...env, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' }, timeoutMs: 3000 });
      },
      checkHealth: () => checkHealth(settings),
    },
    [configuration, definitions, hashOf(Object.values(settings.passwords).join('\n'))],
  );
}

function brokerEnvironment(folder: string, { ports }: Settings): Record<string, string> {
  return {
    ...baseEnvironment(),
    HOME: folder,
    // Makes the start script exec the broker instead of waiting for it, so that the pid is the broker's own.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: 'souk@localhost',
    RABBITMQ_DIST_PORT: String(ports.rabbitmqDist),
    ERL_EPMD_PORT: String(ports.rabbitmqEpmd),
    ERL_EPMD_ADDRESS: LOOPBACK,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {${LOOPBACK.replaceAll('.', ',')}}`,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
  };
}

function renderConfiguration(folder: string, { ports }: Settings): string {
  return [
    readFileSync(join(ROOT, 'deploy/rabbitmq/rabbitmq.conf'), 'utf8').trimEnd(),
    `listeners.tcp.1 = ${LOOPBACK}:${ports.rabbitmq}`,
    `management.tcp.ip = ${LOOPBACK}`,
    `management.tcp.port = ${ports.rabbitmqManagement}`,
    `load_definitions = ${join(folder, 'definitions.json')}`,
    '',
  ].join('\n');
}

function writeBrokerFiles(
  folder: string,
  owner: Owner | undefined,
  { configuration, definitions }: { configuration: string; definitions: string },
): void {
  for (const name of ['data', 'log']) {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    if (owner) chownSync(join(folder, name), owner.uid, owner.gid);
  }
  const ownerOnly = { mode: 0o600, owner };
  writeFileAtomically(join(folder, 'rabbitmq.conf'), configuration, ownerOnly);
  writeFileAtomically(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n', ownerOnly);
  writeFileAtomically(join(folder, 'definitions.json'), definitions, ownerOnly);
  const cookie = join(folder, '.erlang.cookie');
  if (!existsSync(cookie)) writeFileAtomically(cookie, randomBytes(24).toString('hex'), { ...ownerOnly, mode: 0o400 });
}

async function checkHealth(settings: Settings): Promise<Health> {
  try {
    const { status } = await queryRabbitmq(settings, `/api/health/checks/port-listener/${settings.ports.rabbitmq}`);
    return { isHealthy: status === 200, detail: status === 200 ? '' : `the management API returns ${status}` };
  } catch (error) {
    return { isHealthy: false, detail: messageOf(error) };
  }
}
