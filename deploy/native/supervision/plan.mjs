// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../console/failure.mjs';
import { mysqlSpec } from '../engines/mysql.mjs';
import { rabbitmqSpec } from '../engines/rabbitmq.mjs';
import { redisSpec } from '../engines/redis.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { APPS, portOf } from '../settings/apps.mjs';
import { reachableHost } from '../../settings/addresses.mjs';
import { readScale } from '../../settings/scale.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { baseEnvironment, hashOf, withVersion } from './process-spec.mjs';

/**
 * Every process that the settings and the scale of a home require.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ withApps: boolean }} options
 * @returns {import('./process-spec.mjs').ProcessSpec[]}
 */
export function planProcesses(home, { withApps }) {
  const settings = readSettings(home);
  const engines = [mysqlSpec(home, settings), rabbitmqSpec(home, settings), redisSpec(home, settings)];
  if (!withApps) return engines;
  const scale = readScale(home);
  const apps = APPS.flatMap((app) =>
    Array.from({ length: scale[app.name] ?? 1 }, (_, index) => appSpec(app, settings, index + 1)),
  );
  return [...engines, ...apps];
}

/**
 * @param {import('../settings/apps.mjs').AppRow} app
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {number} replica
 */
function appSpec(app, settings, replica) {
  const bind = bindOf(app, settings);
  const healthPort = portOf(settings, app.healthPort, app.healthPortStep, replica);
  const folder = join(ROOT, 'dist/apps', app.name);
  return withVersion(
    {
      name: replica === 1 ? app.name : `${app.name}-${replica}`,
      kind: 'app',
      command: process.execPath,
      args: ['--enable-source-maps', join(folder, 'main.js')],
      env: appEnvironment(app, settings, replica),
      cwd: ROOT,
      listens: [
        { host: bind, port: healthPort, use: app.name },
        ...app.otherPorts.map(({ port, step, use }) => ({
          host: '127.0.0.1',
          port: portOf(settings, port, step, replica),
          use,
        })),
      ],
      checkHealth: () => askReadiness(`http://${reachableHost(bind)}:${healthPort}/readyz`),
    },
    [hashOfFolder(folder), hashOfFile(join(ROOT, 'package-lock.json'))],
  );
}

/**
 * The complete environment of an app's process.
 *
 * @param {import('../settings/apps.mjs').AppRow} app
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {number} replica
 * @returns {Record<string, string>}
 */
export function appEnvironment(app, settings, replica) {
  const environment = Object.entries({
    ...baseEnvironment(),
    ...settings.passedOn,
    NODE_ENV: 'production',
    LOG_LEVEL: settings.values.LOG_LEVEL,
    SOUK_BIND: bindOf(app, settings),
    ...app.environment(settings, replica),
  });
  return Object.fromEntries(environment.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** @param {import('../settings/apps.mjs').AppRow} app @param {import('../../settings/settings.mjs').Settings} settings */
function bindOf(app, settings) {
  return (app.isPublic && settings.values.SOUK_BIND) || '127.0.0.1';
}

/** @param {string} url @returns {Promise<import('./process-spec.mjs').Health>} */
async function askReadiness(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    if (response.status === 200) return { isHealthy: true, detail: '' };
    const body = /** @type {{ checks?: unknown } | undefined} */ (await response.json().catch(() => undefined));
    return { isHealthy: false, detail: `${response.status} ${JSON.stringify(body?.checks ?? {})}`.slice(0, 200) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return { isHealthy: false, detail: messageOf(cause ?? error) };
  }
}

/** @param {string} folder */
function hashOfFolder(folder) {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return hashOf(files.map((entry) => hashOfFile(join(entry.parentPath ?? entry.path, entry.name))).join());
}

/** @param {string} file */
function hashOfFile(file) {
  return existsSync(file) ? hashOf(readFileSync(file)) : '';
}
