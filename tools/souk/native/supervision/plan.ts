import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../console/failure';
import { ROOT, type Home } from '../../machine/paths';
import { LOOPBACK, reachableHost } from '../../settings/addresses';
import { readScale, replicaName } from '../../settings/scale';
import { readSettings, type Settings } from '../../settings/settings';
import { APPS, portOf, type AppRow } from '../apps';
import { mysqlSpec } from '../engines/mysql';
import { rabbitmqSpec } from '../engines/rabbitmq';
import { limitsRedisSpec, redisSpec } from '../engines/redis';
import { baseEnvironment, hashOf, withVersion, type Health, type ProcessSpec } from './process-spec';

/** Every process that the settings and the scale of a home require. */
export function planProcesses(home: Home, { withApps }: { withApps: boolean }): ProcessSpec[] {
  const settings = readSettings(home);
  const engines = [mysqlSpec, rabbitmqSpec, redisSpec, limitsRedisSpec].map((specOf) => specOf(home, settings));
  if (!withApps) return engines;
  const scale = readScale(home);
  const apps = APPS.flatMap((app) =>
    Array.from({ length: scale[app.name] ?? 1 }, (_, index) => appSpec(app, settings, index + 1)),
  );
  return [...engines, ...apps];
}

function appSpec(app: AppRow, settings: Settings, replica: number): ProcessSpec {
  const bind = bindOf(app, settings);
  const healthPort = portOf(settings, app.healthPort, app.healthPortStep, replica);
  const folder = join(ROOT, 'dist/apps', app.name);
  return withVersion(
    {
      name: replicaName(app.name, replica),
      kind: 'app',
      command: process.execPath,
      args: ['--enable-source-maps', join(folder, 'main.js')],
      env: appEnvironment(app, settings, replica),
      cwd: ROOT,
      listens: [
        { host: bind, port: healthPort, use: app.name },
        ...app.otherPorts.map(({ port, step, use }) => ({
          host: LOOPBACK,
          port: portOf(settings, port, step, replica),
          use,
        })),
      ],
      checkHealth: () => checkReadiness(`http://${reachableHost(bind)}:${healthPort}/readyz`),
    },
    [hashOfFolder(folder), hashOfFile(join(ROOT, 'package-lock.json'))],
  );
}

/** The complete environment of an app's process. */
export function appEnvironment(app: AppRow, settings: Settings, replica: number): Record<string, string> {
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

function bindOf(app: AppRow, settings: Settings): string {
  return (app.isPublic && settings.values.SOUK_BIND) || LOOPBACK;
}

async function checkReadiness(url: string): Promise<Health> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    if (response.status === 200) return { isHealthy: true, detail: '' };
    const body = (await response.json().catch(() => undefined)) as { checks?: unknown } | undefined;
    return { isHealthy: false, detail: `${response.status} ${JSON.stringify(body?.checks ?? {})}`.slice(0, 200) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return { isHealthy: false, detail: messageOf(cause ?? error) };
  }
}

function hashOfFolder(folder: string): string {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return hashOf(files.map((entry) => hashOfFile(join(entry.parentPath ?? entry.path, entry.name))).join());
}

function hashOfFile(file: string): string {
  return existsSync(file) ? hashOf(readFileSync(file)) : '';
}
