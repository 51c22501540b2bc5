import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Failure } from '../console/failure';
import { withLock } from '../machine/lock';
import { BUNDLE, makeHome, type Home } from '../machine/paths';
import { runCommand, type CommandResult } from '../machine/run-command';
import { untilProcessEnds } from '../machine/wait';
import type { Runtime, UpOptions } from '../runtime';
import { writeScale } from '../settings/scale';
import { compose, composeLogged, SCALE_BOUNDS } from './compose';
import { listContainerIds, listContainers } from './containers';
import { waitUntilHealthy } from './health';
import { removeSystem } from './remove';
import { audit, keys, rebuild, redrive, showLogs } from './run-app';
import { build, renewCertificates, up, upEngines } from './up';

/**
 * Runs a system in containers, with Compose.
 * @param options isNativeRunning: whether the home's system runs without containers, on the same ports
 */
export function createContainersRuntime(home: Home, options: { isNativeRunning(): Promise<boolean> }): Runtime {
  const prepareStart = async ({ parent }: UpOptions) => {
    if (await options.isNativeRunning())
      throw new Failure('Souk is already running without containers. Stop it first: ./setup.sh stop --native');
    if (parent !== undefined && !existsSync(home.envFile)) removeAfter(home, parent);
  };
  return {
    scaleBounds: SCALE_BOUNDS,
    isInContainers: true,
    async up(upOptions) {
      await prepareStart(upOptions);
      return up(home, upOptions);
    },
    async upEngines(upOptions) {
      await prepareStart(upOptions);
      return upEngines(home, upOptions);
    },
    async status() {
      const processes = await listContainers(home);
      return processes.length === 0 ? undefined : { processes };
    },
    waitUntilHealthy: (app) => waitUntilHealthy(home, { names: app === undefined ? undefined : [app], isQuiet: true }),
    scale: (app, count) => scale(home, app, count),
    async restart(name) {
      const container = (await listContainers(home)).find((status) => status.name === name);
      if (container) await runCommand('docker', ['restart', container.id]);
    },
    async stop() {
      if ((await listContainers(home)).length === 0) return false;
      await composeLogged(home, 'Stopping the containers', ['stop']);
      return true;
    },
    remove: () => removeSystem(home),
    build: () => build(home),
    renewCertificates: () => renewCertificates(home),
    showLogs: (name, logOptions) => showLogs(home, name, logOptions),
    queryMysql: (sql) => queryMysql(home, sql),
    readRedisSetting: (name) => readRedisSetting(home, name),
    redrive: (queue) => redrive(home, queue),
    rebuild: (consumer) => rebuild(home, consumer),
    keys: (args, keyOptions) => keys(home, args, keyOptions),
    audit: (auditOptions) => audit(home, auditOptions),
    async supervise({ parent = 0 }) {
      await untilProcessEnds(parent, () => !existsSync(home.folder));
      if (existsSync(home.envFile)) await withLock(home, () => removeSystem(home));
    },
    whereabouts: () => ({ mysql: 'docker-compose exec mysql mysql --user=cart -p cart' }),
  };
}

/** Starts a process that removes a private system once another process has ended. */
function removeAfter(home: Home, parent: number): void {
  makeHome(home);
  const args = [BUNDLE, '--docker', 'supervise', '--home', home.folder, '--parent', String(parent)];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

async function scale(home: Home, app: string, count: number): Promise<void> {
  writeScale(home, SCALE_BOUNDS, app, count);
  const args = ['up', '--detach', '--no-recreate', '--no-deps', '--scale', `${app}=${count}`, app];
  await composeLogged(home, `Scaling ${app}`, args);
}

/** Uses `docker exec`, because docker-compose takes a second or more to start, and `status` is polled. */
async function queryMysql(home: Home, sql: string): Promise<CommandResult> {
  const [id = ''] = await listContainerIds(home, '--filter', 'label=com.docker.compose.service=mysql');
  const client = 'MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root --batch --skip-column-names --execute "$1"';
  return runCommand('docker', ['exec', id, 'bash', '-c', client, 'mysql', sql]);
}

async function readRedisSetting(home: Home, name: string): Promise<string | undefined> {
  const query = ['bash', '/opt/souk/containers/query-redis', 'CONFIG', 'GET', name];
  const { stdout } = await compose(home, ['exec', '-T', 'redis', ...query]);
  return stdout.split('\n')[1]?.trim();
}
