// @ts-check
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../console/failure.mjs';
import { findExecutable } from '../../machine/find-executable.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { writeFileAtomically } from '../../machine/write-file.mjs';
import { baseEnvironment, hashOf, withVersion } from '../supervision/process-spec.mjs';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder.mjs';
import { RABBITMQ_USER, renderDefinitions } from './rabbitmq-definitions.mjs';

const HOST = '127.0.0.1';

/** Debian's `rabbitmq-server` in the PATH switches the user and the log; the script behind it doesn't. */
const SERVER = ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'];

export function isRabbitmqInstalled() {
  return findExecutable(...SERVER) !== undefined;
}

/**
 * A private RabbitMQ broker with an Erlang port mapper of its own.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @returns {import('../supervision/process-spec.mjs').ProcessSpec}
 */
export function rabbitmqSpec(home, settings) {
  const owner = engineOwner('rabbitmq');
  const folder = engineFolder(home, 'rabbitmq');
  const { rabbitmq: port, rabbitmqManagement, rabbitmqDist, rabbitmqEpmd } = settings.ports;
  const configuration = renderConfiguration(folder, settings);
  const policies = readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8');
  const env = {
    ...baseEnvironment(),
    HOME: folder,
    // Makes the start script turn into the broker instead of waiting for it, so that the pid is the broker's own.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: 'souk@localhost',
    RABBITMQ_DIST_PORT: String(rabbitmqDist),
    ERL_EPMD_PORT: String(rabbitmqEpmd),
    ERL_EPMD_ADDRESS: HOST,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {${HOST.replaceAll('.', ',')}}`,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
  };
  return withVersion(
    {
      name: 'rabbitmq',
      kind: 'engine',
      command: findExecutable(...SERVER) ?? 'rabbitmq-server',
      args: [],
      env,
      cwd: '/',
      ...(owner ? { owner } : {}),
      listens: [
        { host: HOST, port, use: 'RabbitMQ' },
        { host: HOST, port: rabbitmqManagement, use: 'RabbitMQ management' },
        { host: HOST, port: rabbitmqDist, use: 'Erlang distribution' },
        { host: HOST, port: rabbitmqEpmd, use: 'Erlang port mapper' },
      ],
      async prepare() {
        makeEngineFolder(home, 'rabbitmq', owner);
        for (const name of ['data', 'log']) {
          mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
          if (owner) chownSync(join(folder, name), owner.uid, owner.gid);
        }
        const ownerOnly = { mode: 0o600, ...(owner ? { owner } : {}) };
        writeFileAtomically(join(folder, 'rabbitmq.conf'), configuration, ownerOnly);
        writeFileAtomically(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n', ownerOnly);
        writeFileAtomically(join(folder, 'definitions.json'), renderDefinitions(home, settings, policies), ownerOnly);
        const cookie = join(folder, '.erlang.cookie');
        if (!existsSync(cookie))
          writeFileAtomically(cookie, randomBytes(24).toString('hex'), { ...ownerOnly, mode: 0o400 });
      },
      async cleanUp() {
        const epmd = findExecutable('epmd', '/usr/lib/erlang/bin/epmd');
        if (epmd)
          await runCommand(epmd, ['-kill'], { env: { ...env, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' }, timeoutMs: 3000 });
      },
      async checkHealth() {
        try {
          const { status } = await askRabbitmq(settings, `/api/health/checks/port-listener/${port}`);
          return { isHealthy: status === 200, detail: status === 200 ? '' : `management answers ${status}` };
        } catch (error) {
          return { isHealthy: false, detail: messageOf(error) };
        }
      },
    },
    [configuration, policies, hashOf(settings.passwords.rabbitmq)],
  );
}

/** @param {string} folder @param {import('../../settings/settings.mjs').Settings} settings */
function renderConfiguration(folder, settings) {
  return [
    readFileSync(join(ROOT, 'deploy/rabbitmq/rabbitmq.conf'), 'utf8').trimEnd(),
    `listeners.tcp.1 = ${HOST}:${settings.ports.rabbitmq}`,
    `management.tcp.ip = ${HOST}`,
    `management.tcp.port = ${settings.ports.rabbitmqManagement}`,
    `load_definitions = ${join(folder, 'definitions.json')}`,
    '',
  ].join('\n');
}

/**
 * Queries the management API.
 *
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {string} path
 * @returns {Promise<{ status: number, body: unknown }>}
 * @throws if it doesn't answer
 */
export async function askRabbitmq(settings, path) {
  const credentials = Buffer.from(`${RABBITMQ_USER}:${settings.passwords.rabbitmq}`).toString('base64');
  const response = await fetch(`http://${HOST}:${settings.ports.rabbitmqManagement}${path}`, {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(3000),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
