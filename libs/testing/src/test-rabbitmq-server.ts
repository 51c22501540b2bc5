import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENGINE_START_TIMEOUT_MS, testEngines, type Engines } from './engines';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startTestContainer } from './test-container';

const run = promisify(execFile);

export interface TestRabbitmqServer {
  /** For `createTestBroker`. */
  engine: Engines['rabbitmq'];
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** The default user of a new broker, and its password. */
const USER = 'guest';
const CONFIGURATION = 'rabbitmq.conf';

/** Debian's command in the PATH switches the user; the script that it calls doesn't. */
const programPath = (name: string) => {
  const path = `/usr/lib/rabbitmq/bin/${name}`;
  return existsSync(path) ? path : name;
};

/** A broker that has been started, in a container or as a local process. */
interface RunningBroker {
  port: number;
  managementPort: number;
  /** The port that the broker itself listens on, inside its container if it has one. */
  ownPort: number;
  /** @throws Error if the local process has exited */
  checkAlive(): void;
  remove(): Promise<void>;
}

async function startProgram(settings: readonly string[]): Promise<RunningBroker> {
  const [port, managementPort, distPort, epmdPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const folder = makeFolder([
    ...[`listeners.tcp.1 = ${HOST}:${port}`, `management.tcp.ip = ${HOST}`, `management.tcp.port = ${managementPort}`],
    ...settings,
  ]);
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
  const env = {
    ...process.env,
    HOME: folder, // for the Erlang cookie
    // Makes the start script exec the broker instead of waiting for it, so that the pid is the broker's own.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: HOST,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, CONFIGURATION),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
  };
  const child = spawn(programPath('rabbitmq-server'), [], { env, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    port,
    managementPort,
    ownPort: port,
    checkAlive: () => {
      if (child.exitCode !== null) throw new Error(`rabbitmq-server exited with code ${child.exitCode}`);
    },
    remove: async () => {
      child.kill('SIGKILL');
      await exited;
      await run('epmd', ['-kill'], { env: { ...env, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' } }).catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startContainer(image: string, settings: readonly string[]): Promise<RunningBroker> {
  const folder = makeFolder(['loopback_users = none', ...settings]);
  const container = await startTestContainer(image, {
    environment: { RABBITMQ_CONFIG_FILE: `/etc/souk/${CONFIGURATION}` },
    folders: { [folder]: '/etc/souk' },
    command: [],
    ports: [5672, 15672],
  });
  return {
    port: container.portOf(5672),
    managementPort: container.portOf(15672),
    ownPort: 5672,
    checkAlive: () => undefined,
    remove: async () => {
      await container.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Creates a folder that the broker can read, with its configuration. */
function makeFolder(settings: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'souk-rabbitmq-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, CONFIGURATION), [...settings, ''].join('\n'));
  return folder;
}

/**
 * Starts a RabbitMQ broker for one test file, for tests that would disturb others on the shared one.
 * @param settings lines of `rabbitmq.conf`, such as `max_message_size = 131072`
 */
export async function startTestRabbitmqServer(...settings: string[]): Promise<TestRabbitmqServer> {
  const image = testEngines().images?.rabbitmq;
  const { port, managementPort, ownPort, checkAlive, remove } = await (image
    ? startContainer(image, settings)
    : startProgram(settings));
  const authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;
  const path = `/api/health/checks/port-listener/${ownPort}`;
  await eventually(async () => {
    checkAlive();
    const { status } = await fetch(`http://${HOST}:${managementPort}${path}`, {
      headers: { authorization },
      // A connection that opens while the container starts may never get a response.
      signal: AbortSignal.timeout(5_000),
    });
    if (status !== 200) throw new Error(`the management API of RabbitMQ returned ${status}`);
  }, ENGINE_START_TIMEOUT_MS).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return { engine: { host: HOST, port, managementPort, user: USER, password: USER }, stop: remove };
}
