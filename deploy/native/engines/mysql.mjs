// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { findExecutable } from '../../machine/find-executable.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { writeFileAtomically } from '../../machine/write-file.mjs';
import { baseEnvironment, withVersion } from '../supervision/process-spec.mjs';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder.mjs';

const SERVERS = ['mariadbd', 'mysqld'];
const CLIENTS = ['mariadb', 'mysql'];
const HOST = '127.0.0.1';

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function isMysqlInstalled(settings) {
  return Boolean(findServer(settings) && findExecutable(...CLIENTS));
}

/**
 * @param {Pick<import('../../settings/settings.mjs').Settings, 'values'>} settings
 * @returns {string | undefined} the path of the server that SOUK_MYSQLD names, or else of an installed one
 * @throws {Failure} if SOUK_MYSQLD names no program
 */
export function findServer({ values: { SOUK_MYSQLD: chosen } }) {
  const server = findExecutable(...(chosen ? [chosen] : SERVERS));
  if (chosen && !server) throw new Failure(`SOUK_MYSQLD is ${chosen}, which is not a program that can be run.`);
  return server;
}

/** @param {string} server its path; MariaDB installs its server as `mysqld` too */
export function isMariaDb(server) {
  return /mariadb/i.test(spawnSync(server, ['--no-defaults', '--version'], { encoding: 'utf8' }).stdout ?? '');
}

/**
 * A private MariaDB or MySQL server.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @returns {import('../supervision/process-spec.mjs').ProcessSpec}
 */
export function mysqlSpec(home, settings) {
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
        // Relative to the data folder, which is the server's working folder: a socket's path is limited to 107 bytes.
        '--socket=mysql.sock',
        '--pid-file=mysql.pid',
        `--bind-address=${HOST}`,
        `--port=${port}`,
        '--skip-log-bin',
        // Turns off MySQL's second protocol, which would need a port of its own; MariaDB has none.
        ...(isMariaDb(server) ? [] : ['--loose-mysqlx=OFF']),
      ],
      env: baseEnvironment(),
      cwd: '/',
      ...(owner ? { owner } : {}),
      listens: [{ host: HOST, port, use: 'MySQL' }],
      async prepare() {
        makeEngineFolder(home, 'mysql', owner);
        const ownerOnly = { mode: 0o600, ...(owner ? { owner } : {}) };
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

/**
 * Initialises a new data folder. It is created beside its final place and renamed when complete, so that an interrupted attempt
 * is never taken for a database.
 *
 * @param {string} server
 * @param {string} folder
 * @param {string} logFile
 * @param {import('../supervision/process-spec.mjs').Owner} [owner]
 */
async function initialiseData(server, folder, logFile, owner) {
  const fresh = join(folder, `data.${process.pid}.new`);
  for (const name of readdirSync(folder).filter((entry) => /^data\..*\.new$/.test(entry))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  const [command, args] = isMariaDb(server)
    ? [
        findExecutable('mariadb-install-db', 'mysql_install_db'),
        ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
      ]
    : [server, ['--initialize-insecure']];
  if (!command) throw new Failure('mariadb-install-db is missing: is the MariaDB server installed as a whole?');
  const run = { logFile, cwd: '/', ...(owner ? { owner } : {}) };
  const { code, stderr } = await runCommand(command, ['--no-defaults', ...args, `--datadir=${fresh}`], run);
  if (code !== 0) throw new Failure(`${command} failed (${code}) ${stderr}`);
  renameSync(fresh, join(folder, 'data'));
}

/**
 * SQL that the server runs at each start before it accepts connections, one statement per line as `init-file` requires: the
 * administrator's password, then the schemas and their users.
 *
 * @param {import('../../settings/settings.mjs').Settings} settings
 */
function renderStartSql(settings) {
  // Allows backslash escapes, which the passwords below use.
  const mode = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';";
  const root = ['localhost', HOST].flatMap((host) => [
    `CREATE USER IF NOT EXISTS 'root'@'${host}' IDENTIFIED BY '\${MYSQL_ROOT_PASSWORD}';`,
    `ALTER USER 'root'@'${host}' IDENTIFIED BY '\${MYSQL_ROOT_PASSWORD}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'${host}' WITH GRANT OPTION;`,
  ]);
  const template = readFileSync(join(ROOT, 'deploy/mysql/schemas.sql'), 'utf8');
  const schemas = template
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim().replace(/\s*\n\s*/g, ' '))
    .filter((statement) => statement !== '')
    .map((statement) => `${statement};`);
  return [mode, ...root, ...schemas, '']
    .join('\n')
    .replace(/\$\{(\w+)\}/g, (_, name) => (settings.values[name] ?? '').replace(/[\\']/g, '\\$&'));
}

/** The options file with which the client logs in as administrator. @param {import('../../machine/paths.mjs').Home} home */
export function mysqlClientFile(home) {
  return join(home.folder, 'mysql-client.cnf');
}

/** @param {import('../../machine/paths.mjs').Home} home @param {import('../../settings/settings.mjs').Settings} settings */
export function writeMysqlClientFile(home, settings) {
  const password = settings.passwords.mysqlRoot.replace(/[\\"]/g, '\\$&');
  const lines = ['[client]', `host=${HOST}`, `port=${settings.ports.mysql}`, 'protocol=tcp', 'user=root'];
  writeFileAtomically(mysqlClientFile(home), [...lines, `password="${password}"`, ''].join('\n'), { mode: 0o600 });
}

/**
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string} sql
 */
export function queryMysql(home, sql) {
  const args = [`--defaults-file=${mysqlClientFile(home)}`, '--connect-timeout=3', '--batch', '--skip-column-names'];
  return runCommand(findExecutable(...CLIENTS) ?? 'mysql', [...args, '--execute', sql], { timeoutMs: 5000 });
}
