import mysql from 'mysql2/promise';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENGINE_START_TIMEOUT_MS, testEngines } from './engines';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startTestContainer } from './test-container';
import { setTestSession } from './test-database';

const run = promisify(execFile);
const HOST = '127.0.0.1';

export interface TestMysqlServer {
  host: string;
  port: number;
  /** The URL of the schema `t`, for a user with no other privileges. */
  url: string;
  /** Runs a statement as root. */
  rows<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Freezes the server: connections stay open, but the server doesn't respond. */
  pause(): Promise<void>;
  resume(): void;
  /** Kills the process. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const lookUpInPath = (name: string) =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${name}`], { encoding: 'utf8' });
const findProgram = (...names: string[]) =>
  names.map((name) => lookUpInPath(name).stdout.trim()).find((path) => path !== '');

/** A server that has been started, in a container or as a local process. */
interface RunningServer extends Pick<TestMysqlServer, 'port' | 'pause' | 'resume' | 'kill'> {
  /** How root connects without a password. */
  root: { socketPath: string } | { host: string; port: number };
  remove(): Promise<void>;
}

const OPTIONS = ['--skip-log-bin', '--skip-name-resolve'];

async function startProgram(options: readonly string[]): Promise<RunningServer> {
  const server = findProgram('mariadbd', 'mysqld');
  if (!server) throw new Error('neither mariadbd nor mysqld is installed');
  const folder = mkdtempSync(join(tmpdir(), 'souk-mysql-'));
  chmodSync(folder, 0o777);
  // Needs its own folder for temporary files, because servers in other containers that share /tmp use the same names.
  const env = { ...process.env, TMPDIR: folder };
  const userOption = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  const data = `--datadir=${join(folder, 'data')}`;
  const isMariaDb = (await run(server, ['--no-defaults', '--version'])).stdout.includes('MariaDB');
  if (isMariaDb)
    await run(
      findProgram('mariadb-install-db') ?? 'mysql_install_db',
      [...['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', data, ...userOption]],
      { env },
    );
  else await run(server, ['--no-defaults', '--initialize-insecure', data, ...userOption], { env });

  const port = await freePort();
  const child = spawn(
    server,
    [
      ...['--no-defaults', data, `--port=${port}`, '--socket=mysql.sock', '--pid-file=mysql.pid'],
      ...['--bind-address=127.0.0.1', '--loose-mysqlx=OFF', ...userOption, ...OPTIONS, ...options],
    ],
    { env, stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const kill = async () => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port,
    // On a new MySQL server, root may connect only through the socket.
    root: { socketPath: join(folder, 'data', 'mysql.sock') },
    pause: async () => {
      child.kill('SIGSTOP');
      // The signal may arrive late on a busy machine, and until then the server responds.
      await eventually(async () => {
        const { stdout } = await run('ps', ['-o', 'state=', '-p', String(child.pid)]);
        if (!stdout.startsWith('T')) throw new Error(`the server is still running: ${stdout}`);
      });
    },
    resume: () => void child.kill('SIGCONT'),
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startContainer(image: string, options: readonly string[]): Promise<RunningServer> {
  const container = await startTestContainer(image, {
    environment: { MYSQL_ALLOW_EMPTY_PASSWORD: 'yes', MYSQL_ROOT_HOST: '%' },
    command: ['mysqld', ...OPTIONS, ...options],
    ports: [3306],
  });
  const port = container.portOf(3306);
  return { ...container, port, root: { host: HOST, port } };
}

/**
 * Starts a MySQL or MariaDB server for one test file, for tests that would disturb others on the shared server, such as those that
 * change its mode, make it read-only or crash it.
 * @param options server options, such as `--sql-mode=NO_BACKSLASH_ESCAPES`
 */
export async function startTestMysqlServer(...options: string[]): Promise<TestMysqlServer> {
  const image = testEngines().images?.mysql;
  const server = await (image ? startContainer(image, options) : startProgram(options));
  const root = await eventually(
    () => mysql.createConnection({ ...server.root, user: 'root', timezone: 'Z' }),
    ENGINE_START_TIMEOUT_MS,
  ).catch(async (error: unknown) => {
    await server.remove();
    throw error;
  });
  root.on('error', () => undefined); // the test may kill the server
  await setTestSession(root);
  for (const sql of [
    'CREATE DATABASE t CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    "CREATE USER 'app'@'%' IDENTIFIED BY 'secret'",
    "GRANT ALL ON t.* TO 'app'@'%'",
    'USE t',
  ])
    await root.query(sql);
  return {
    host: HOST,
    port: server.port,
    url: `mysql://app:secret@${HOST}:${server.port}/t`,
    rows: async <Row>(sql: string, parameters: unknown[] = []) => (await root.query(sql, parameters))[0] as Row[],
    pause: () => server.pause(),
    resume: () => server.resume(),
    kill: () => server.kill(),
    stop: async () => {
      root.destroy();
      await server.remove();
    },
  };
}
