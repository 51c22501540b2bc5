import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure';
import { findExecutable } from '../../machine/find-executable';
import { ROOT, type Home } from '../../machine/paths';
import { runCommand, type CommandResult, type Owner } from '../../machine/run-command';
import { writeFileAtomically } from '../../machine/write-file';
import { LOOPBACK } from '../../settings/addresses';
import type { Settings } from '../../settings/settings';
import { baseEnvironment, withVersion, type ProcessSpec } from '../supervision/process-spec';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder';

const SERVERS = ['mariadbd', 'mysqld'];
const CLIENTS = ['mariadb', 'mysql'];

export function isMysqlInstalled(settings: Settings): boolean {
  return Boolean(findServer(settings) && findExecutable(...CLIENTS));
}

/**
 * @returns the path of the server that SOUK_MYSQLD names, or else of an installed one
 * @throws Failure if SOUK_MYSQLD names no program
 */
export function findServer({ values: { SOUK_MYSQLD } }: Pick<Settings, 'values'>): string | undefined {
  const server = findExecutable(...(SOUK_MYSQLD ? [SOUK_MYSQLD] : SERVERS));
  if (SOUK_MYSQLD && !server) throw new Failure(`SOUK_MYSQLD is ${SOUK_MYSQLD}, which is not an executable program.`);
  return server;
}

/** @param server its path; MariaDB installs its server as `mysqld` too */
export function isMariaDb(server: string): boolean {
  return /mariadb/i.test(spawnSync(server, ['--no-defaults', '--version'], { encoding: 'utf8' }).stdout ?? '');
}

/** A private MariaDB or MySQL server. */
export function mysqlSpec(home: Home, settings: Settings): ProcessSpec {
  const owner = engineOwner('mysql');
  const folder = engineFolder(home, 'mysql');
  const port = settings.ports.mysql;
  const server = findServer(settings) ?? 'mariadbd';
  const serverSettings = readFileSync(join(ROOT, 'deploy/mysql/souk.cnf'), 'utf8');
  const startSql = renderStartSql(settings);
  return withVersion(
    {
      name: 'mysql',
      kind: 'engine',
      command: server,
      args: [
        `--defaults-file=${join(folder, 'server.cnf')}`,
        `--datadir=${join(folder, 'data')}`,
        `--init-file=${join(folder, 'start.sql')}`,
        `--tmpdir=${temporaryFolder(folder)}`,
        // Relative to the data folder, which is the server's working folder: a socket's path is limited to 107 bytes.
        '--socket=mysql.sock',
        '--pid-file=mysql.pid',
        `--bind-address=${LOOPBACK}`,
        `--port=${port}`,
        `--innodb-buffer-pool-size=${settings.values.MYSQL_BUFFER_POOL_SIZE}`,
        '--skip-log-bin',
        // Turns off MySQL's second protocol, which would need a port of its own; MariaDB has none.
        ...(isMariaDb(server) ? [] : ['--loose-mysqlx=OFF']),
      ],
      env: baseEnvironment(),
      cwd: '/',
      owner,
      listens: [{ host: LOOPBACK, port, use: 'MySQL' }],
      async prepare() {
        makeEngineFolder(home, 'mysql', owner);
        makeEngineFolder(home, TEMPORARY_FOLDER, owner);
        const ownerOnly = { mode: 0o600, owner };
        writeFileAtomically(join(folder, 'server.cnf'), serverSettings, ownerOnly);
        writeFileAtomically(join(folder, 'start.sql'), startSql, ownerOnly);
        if (!existsSync(join(folder, 'data')))
          await initialiseData(server, folder, join(home.logs, 'mysql.log'), owner);
      },
      async checkHealth() {
        const { code, stderr } = await queryMysql(home, 'SELECT 1');
        return { isHealthy: code === 0, detail: code === 0 ? '' : (stderr.trim().split('\n').pop() ?? '') };
      },
    },
    [serverSettings, startSql],
  );
}

/** MariaDB deletes all temporary tables in this folder when it starts, even those that another server is using. */
const TEMPORARY_FOLDER = 'mysql/temporary';
const temporaryFolder = (folder: string) => join(folder, 'temporary');

/**
 * Initialises a new data folder. It is created beside its final place and renamed when complete, so that an interrupted attempt
 * is never mistaken for a database.
 */
async function initialiseData(
  server: string,
  folder: string,
  logFile: string,
  owner: Owner | undefined,
): Promise<void> {
  const newDataFolder = join(folder, `data.${process.pid}.new`);
  for (const name of readdirSync(folder).filter((entry) => /^data\..*\.new$/.test(entry))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  const [command, args] = isMariaDb(server)
    ? [
        findExecutable('mariadb-install-db', 'mysql_install_db'),
        ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
      ]
    : [server, ['--initialize-insecure']];
  if (!command) throw new Failure('mariadb-install-db is missing: the MariaDB server is not completely installed.');
  const options = { logFile, cwd: '/', owner };
  const folders = [`--datadir=${newDataFolder}`, `--tmpdir=${temporaryFolder(folder)}`];
  const { code, stderr } = await runCommand(command, ['--no-defaults', ...args, ...folders], options);
  if (code !== 0) throw new Failure(`${command} failed (exit ${code}): ${stderr || `see ${logFile}`}`);
  renameSync(newDataFolder, join(folder, 'data'));
}

/**
 * SQL that the server runs at each start before it accepts connections, one statement per line as `init-file` requires: the
 * administrator's password, then the schemas and their users.
 */
function renderStartSql(settings: Settings): string {
  // Allows backslash escapes, which the passwords below use.
  const mode = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';";
  const root = ['localhost', LOOPBACK].flatMap((host) => [
    `CREATE USER IF NOT EXISTS 'root'@'${host}' IDENTIFIED BY '\${MYSQL_ROOT_PASSWORD}';`,
    `ALTER USER 'root'@'${host}' IDENTIFIED BY '\${MYSQL_ROOT_PASSWORD}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'${host}' WITH GRANT OPTION;`,
  ]);
  const values: Record<string, string> = { ...settings.values, MYSQL_REQUIRE: 'NONE' };
  const template = readFileSync(join(ROOT, 'deploy/mysql/schemas.sql'), 'utf8');
  const schemas = template
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim().replace(/\s*\n\s*/g, ' '))
    .filter((statement) => statement !== '')
    .map((statement) => `${statement};`);
  return [mode, ...root, ...schemas, '']
    .join('\n')
    .replace(/\$\{(\w+)\}/g, (_, name: string) => (values[name] ?? '').replace(/[\\']/g, '\\$&'));
}

/** The options file with which the client logs in as administrator. */
export function mysqlClientFile(home: Home): string {
  return join(home.folder, 'mysql-client.cnf');
}

export function writeMysqlClientFile(home: Home, settings: Settings): void {
  const password = settings.passwords.mysqlRoot.replace(/[\\"]/g, '\\$&');
  const lines = ['[client]', `host=${LOOPBACK}`, `port=${settings.ports.mysql}`, 'protocol=tcp', 'user=root'];
  writeFileAtomically(mysqlClientFile(home), [...lines, `password="${password}"`, ''].join('\n'), { mode: 0o600 });
}

export function queryMysql(home: Home, sql: string): Promise<CommandResult> {
  const args = [`--defaults-file=${mysqlClientFile(home)}`, '--connect-timeout=3', '--batch', '--skip-column-names'];
  return runCommand(findExecutable(...CLIENTS) ?? 'mysql', [...args, '--execute', sql], { timeoutMs: 5000 });
}
