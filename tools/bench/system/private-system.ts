import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../souk/machine/paths';
import type { PortName } from '../../souk/settings/settings';

const run = promisify(execFile);
const PARENT = String(process.pid);
const ENGINES: readonly string[] = ['mysql', 'rabbitmq', 'redis', 'limits-redis'];

interface Description {
  ports: Record<PortName, number>;
  urls: Record<'cartApi' | 'walletApi' | 'monitoringApi' | 'rabbitmq' | 'mysqlRoot' | 'redis', string>;
  credentials: { adminApiKey: string };
}

interface EngineAddresses {
  mysql: { host: string; port: number; rootPassword: string };
  rabbitmq: { host: string; port: number; user: string; password: string };
}

/** Engines and built apps on free ports, in a folder of their own, which `down` removes. */
export interface PrivateSystem extends Description {
  enginePids: Record<string, number>;
  appPids: Record<string, number>;
  down(): Promise<void>;
}

/**
 * @param keptHome the folder of a system to keep after this process ends; if it is running, only changed processes restart
 * @param settings those that differ from `.env.example`
 */
export async function startPrivateSystem(
  keptHome?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PrivateSystem> {
  const souk = privateSouk(keptHome);
  const parent = keptHome ? [] : ['--parent', PARENT];
  const env = Object.entries({ LOG_LEVEL: 'warn', ...settings }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  await souk.run('up', '--native', '--free-ports', '--no-seed', ...parent, ...env);
  const pids = await souk.readPids();
  const pidsWhere = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(pids).filter(([name]) => isWanted(name)));
  return {
    ...(souk.readJson('settings.json') as Description),
    enginePids: pidsWhere((name) => ENGINES.includes(name)),
    appPids: pidsWhere((name) => !ENGINES.includes(name)),
    down: souk.down,
  };
}

/** Engines on free ports, in a folder of their own, which `down` removes. */
export interface PrivateEngines {
  urls: Record<'rabbitmq' | 'mysqlRoot', string>;
  pids: Record<string, number>;
  down(): Promise<void>;
}

export async function startPrivateEngines(): Promise<PrivateEngines> {
  const souk = privateSouk();
  await souk.run('engines', 'up', '--native', '--parent', PARENT);
  const { mysql, rabbitmq } = souk.readJson('engines.json') as EngineAddresses;
  return {
    urls: {
      mysqlRoot: `mysql://root:${mysql.rootPassword}@${mysql.host}:${mysql.port}`,
      rabbitmq: `amqp://${rabbitmq.user}:${rabbitmq.password}@${rabbitmq.host}:${rabbitmq.port}`,
    },
    pids: await souk.readPids(),
    down: souk.down,
  };
}

/** Runs commands of `tools/souk.mjs` in a folder; by default, in a new one. */
function privateSouk(keptHome?: string) {
  const home = keptHome ?? join(ROOT, '.souk', `bench-${randomBytes(4).toString('hex')}`);
  const runSouk = async (...args: string[]) =>
    (await run(process.execPath, [join(ROOT, 'tools/souk.mjs'), ...args, '--home', home], { maxBuffer: 1e7 })).stdout;
  return {
    run: runSouk,
    readJson: (file: string): unknown => JSON.parse(readFileSync(join(home, file), 'utf8')),
    readPids: async (): Promise<Record<string, number>> => {
      const { processes } = JSON.parse(await runSouk('status', '--json')) as {
        processes: { name: string; pid: number }[];
      };
      return Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
    },
    down: async () => void (await runSouk('down')),
  };
}
