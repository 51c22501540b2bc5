import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../souk/machine/paths';

const run = promisify(execFile);
const ENGINES: readonly string[] = ['mysql', 'rabbitmq', 'redis'];

interface Description {
  ports: Record<'cartWorkerHealth' | 'checkoutWorkerHealth', number>;
  urls: Record<'cartApi' | 'walletApi' | 'monitoringApi' | 'rabbitmq' | 'mysqlRoot' | 'redis', string>;
  credentials: { adminApiKey: string };
}

/** Engines and built apps on free ports, in a folder of their own, which `down` removes. */
export interface PrivateSystem extends Description {
  enginePids: Record<string, number>;
  appPids: Record<string, number>;
  down(): Promise<void>;
}

/** @param keptHome the folder of a system that outlives this process; if it runs already, what hasn't changed keeps running */
export async function startPrivateSystem(keptHome?: string): Promise<PrivateSystem> {
  const home = keptHome ?? join(ROOT, '.souk', `bench-${randomBytes(4).toString('hex')}`);
  const souk = async (...args: string[]) =>
    (await run(process.execPath, [join(ROOT, 'tools/souk.mjs'), ...args, '--home', home], { maxBuffer: 1e7 })).stdout;
  const parent = keptHome ? [] : ['--parent', String(process.pid)];
  await souk('up', '--native', '--free-ports', '--no-seed', ...parent, '--env', 'LOG_LEVEL=warn');
  const { processes } = JSON.parse(await souk('status', '--json')) as { processes: { name: string; pid: number }[] };
  const pidsWhere = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(processes.filter(({ name }) => isWanted(name)).map(({ name, pid }) => [name, pid]));
  return {
    ...(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')) as Description),
    enginePids: pidsWhere((name) => ENGINES.includes(name)),
    appPids: pidsWhere((name) => !ENGINES.includes(name)),
    down: async () => void (await souk('down')),
  };
}
