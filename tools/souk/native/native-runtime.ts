import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Failure } from '../console/failure';
import { printProgress } from '../console/progress';
import { makeHome, ROOT, type Home } from '../machine/paths';
import type { Runtime } from '../runtime';
import { readSettings } from '../settings/settings';
import { SCALE_BOUNDS } from './apps';
import { buildApps } from './build';
import { develop } from './dev/develop';
import { removeHome, stopSystem } from './down';
import { mysqlClientFile, queryMysql } from './engines/mysql';
import { readRedisSetting } from './engines/redis';
import { audit, keys, rebuild, redrive } from './run-app';
import { showLogs } from './show-logs';
import { askSupervisor, type ControlRequest } from './supervision/control';
import { supervisorStatus, waitUntilHealthy } from './supervision/start';
import { supervise } from './supervision/supervisor';
import { up } from './up';

/** Runs a system as processes of this machine, under a supervisor. */
export function createNativeRuntime(home: Home): Runtime {
  const control = async (request: ControlRequest) => {
    if (!(await supervisorStatus(home))) throw new Failure('Souk is not running.');
    await askSupervisor(home, request);
  };
  return {
    scaleBounds: SCALE_BOUNDS,
    isInContainers: false,
    up: (options) => up(home, { ...options, withApps: true }),
    upEngines: (options) => up(home, { ...options, withApps: false, withFreePorts: true }),
    status: () => supervisorStatus(home),
    waitUntilHealthy: (app) => waitUntilHealthy(home, { isQuiet: true, app }),
    scale: (name, count) => control({ command: 'scale', name, count }),
    restart: (name) => control({ command: 'restart', names: [name] }),
    stop() {
      printProgress('Stopping apps first, then engines …');
      return stopSystem(home, { isDataDoomed: false });
    },
    async remove() {
      await stopSystem(home, { isDataDoomed: true });
      removeHome(home);
    },
    build() {
      makeHome(home);
      return buildApps(home);
    },
    showLogs: (name, options) => showLogs(home, name, options),
    develop: () => develop(home),
    queryMysql: (sql) => queryMysql(home, sql),
    readRedisSetting: (name) => readRedisSetting(readSettings(home), name),
    redrive: (queue) => redrive(home, queue),
    rebuild: (consumer) => rebuild(home, consumer),
    keys: (args, options) => keys(home, args, options),
    audit: (options) => audit(home, options),
    supervise: ({ parent, withApps }) => {
      const onStopped = ({ hasParentEnded }: { hasParentEnded: boolean }) => {
        if (hasParentEnded && existsSync(home.envFile)) removeHome(home);
        process.exit(0);
      };
      return supervise(home, { withApps, parent, onStopped });
    },
    whereabouts: () => ({
      mysql: `mysql --defaults-file=${relative(ROOT, mysqlClientFile(home))} cart   (or inventory, wallet, monitoring)`,
      logs: `${relative(ROOT, home.logs)}/`,
    }),
  };
}
