import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engines } from './engines';
import { ENGINE_START_TIMEOUT_MS } from './engine-start-timeout';
import { eventually } from './eventually';
import { freePort } from './free-port';

const run = promisify(execFile);

export interface TestRabbitmqServer {
  /** For `createTestBroker`. */
  engine: Engines['rabbitmq'];
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** The user of a new broker; it may come from this machine alone. */
const USER = 'guest';

/** Debian's command in the PATH changes the user; the script behind it doesn't. */
const inLib = (name: string) => {
  const path = `/usr/lib/rabbitmq/bin/${name}`;
  return existsSync(path) ? path : name;
};

/**
 * A RabbitMQ broker of this test file's own, for what would disturb others on the common one.
 * @param settings lines of `rabbitmq.conf`, e.g. `max_message_size = 131072`
 */
export async function startTestRabbitmqServer(...settings: string[]): Promise<TestRabbitmqServer> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-rabbitmq-'));
  const [port, managementPort, distPort, epmdPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const conf = [
    ...[`listeners.tcp.1 = ${HOST}:${port}`, `management.tcp.ip = ${HOST}`, `management.tcp.port = ${managementPort}`],
    ...settings,
    '',
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), conf.join('\n'));
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
  const env = {
    ...process.env,
    HOME: folder, // for the cookie
    // Makes the start script become the broker instead of waiting for it, so that the pid is the broker's own.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: HOST,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
  };
  const child = spawn(inLib('rabbitmq-server'), [], { env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await run('epmd', ['-kill'], { env: { ...env, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' } }).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  const authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;
  const path = `/api/health/checks/port-listener/${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`rabbitmq-server exited with ${child.exitCode}`);
    const { status } = await fetch(`http://${HOST}:${managementPort}${path}`, { headers: { authorization } });
    if (status !== 200) throw new Error(`RabbitMQ management answered ${status}`);
  }, ENGINE_START_TIMEOUT_MS).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { engine: { host: HOST, port, managementPort, user: USER, password: USER }, stop };
}
