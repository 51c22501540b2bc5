import { REPOSITORY, eventually } from '@souk/testing';
import { Redis } from 'ioredis';
import mysql, { type Pool } from 'mysql2/promise';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOUK = join(REPOSITORY, 'deploy/native/souk.mjs');

interface Settings {
  run: string;
  logs: string;
  ports: Record<'cartApi' | 'inventoryGrpc' | 'cartWorkerHealth' | 'checkoutWorkerHealth' | 'inventoryHealth', number>;
  urls: { cartApi: string; inventory: string; rabbitmq: string; mysqlRoot: string; redis: string };
}

export const APPS = ['cart-api', 'cart-worker', 'checkout-worker', 'inventory-manager'] as const;
export const ENGINES = ['mysql', 'rabbitmq', 'redis'] as const;

interface ProcessStatus {
  name: string;
  pid: number | null;
  isHealthy: boolean;
}

/** A whole system of its own: engines and built apps, on free ports, in a folder that goes with it. */
export interface SoukSystem {
  url: string;
  urls: Settings['urls'];
  redis: Redis;
  /** Runs a statement as root; tables are `cart.orders`, `inventory.product_details` … */
  rows<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  pidOf(name: string): number;
  /** SIGKILL, as soon as the process runs; the supervisor brings it back. */
  kill(name: string): Promise<void>;
  signal(name: string, signal: NodeJS.Signals): void;
  /** Waits until every process is healthy. */
  healthy(): Promise<void>;
  scale(name: string, count: number): Promise<void>;
  /** Changes settings; what they concern restarts. */
  configure(settings: Record<string, string>): Promise<void>;
  down(): Promise<void>;
}

const HEALTHY_TIMEOUT_MS = 90_000;

export async function startSouk(settings: Record<string, string> = {}): Promise<SoukSystem> {
  const home = join(REPOSITORY, '.souk', `e2e-${randomBytes(4).toString('hex')}`);
  const souk = async (...args: string[]) =>
    (await run(process.execPath, [SOUK, ...args, '--home', home], { maxBuffer: 1e7 })).stdout;
  const up = (values: Record<string, string>) => {
    const env = Object.entries(values).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    return souk('up', '--free-ports', '--no-seed', '--parent', String(process.pid), ...env);
  };
  await up({ LOG_LEVEL: 'warn', ...settings });

  const system = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')) as Settings;
  const pool: Pool = mysql.createPool({
    uri: system.urls.mysqlRoot,
    connectionLimit: 2,
    timezone: 'Z',
    supportBigNumbers: true,
  });
  const redis = new Redis(system.urls.redis, { retryStrategy: () => 200, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const pidOf = (name: string) => Number(readFileSync(join(system.run, `${name}.pid`), 'utf8'));

  const status = async (): Promise<ProcessStatus[]> => {
    const stdout = await souk('status', '--json').catch((error: unknown) => (error as { stdout: string }).stdout);
    return (JSON.parse(stdout) as { processes: ProcessStatus[] }).processes;
  };

  return {
    url: system.urls.cartApi,
    urls: system.urls,
    redis,
    rows: async <Row>(sql: string, parameters: unknown[] = []) => (await pool.query(sql, parameters))[0] as Row[],
    pidOf,
    kill: (name) => eventually(() => void process.kill(pidOf(name), 'SIGKILL')),
    signal: (name, signal) => void process.kill(pidOf(name), signal),
    healthy: () =>
      eventually(async () => {
        const processes = await status();
        const ill = processes.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
        if (processes.length === 0 || ill.length > 0) throw new Error(`not healthy: ${ill.join(', ')}`);
      }, HEALTHY_TIMEOUT_MS),
    scale: async (name, count) => void (await souk('scale', name, String(count))),
    configure: async (values) => void (await up(values)),
    down: async () => {
      redis.disconnect();
      await pool.end();
      await souk('down');
    },
  };
}
