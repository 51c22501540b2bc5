import { REPOSITORY, eventually, isInContainers, setTestSession } from '@souk/testing';
import { Redis } from 'ioredis';
import type { Connection } from 'mysql2';
import mysql, { type Pool } from 'mysql2/promise';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processNames } from './process-names';
import { createShopClient, type Send } from './shop-client';

const run = promisify(execFile);

interface Settings {
  urls: Record<
    | 'cartApi'
    | 'walletApi'
    | 'monitoringApi'
    | 'atmApi'
    | 'inventory'
    | 'payments'
    | 'rabbitmq'
    | 'mysqlRoot'
    | 'redis',
    string
  >;
  credentials: { adminApiKey: string };
}

export const APPS = [
  'cart-api',
  'cart-worker',
  'checkout-worker',
  'inventory-manager',
  'wallet-api',
  'monitoring',
  'atm-api',
] as const;
export const ENGINES = ['mysql', 'rabbitmq', 'redis'] as const;

interface AuditReport {
  checks: { promise: string; outcome: string; broken?: unknown[] }[];
}

interface ProcessStatus {
  name: string;
  /** The container's id; undefined for a local process. */
  id?: string;
  pid: number | null;
  state: string;
  isHealthy: boolean;
  restarts: number;
}

/** A separate, complete system: engines and built apps, on free ports, in a folder that is removed with it. */
export interface SoukSystem {
  url: string;
  adminKey: string;
  urls: Settings['urls'];
  /** What charges customers. */
  payments: 'wallet' | 'simulated';
  redis: Redis;
  /** Calls the Cart API as an administrator. */
  send: Send;
  /** Calls the Wallet API as an administrator. */
  sendToWallet: Send;
  /** Calls the Monitoring API (alerts, notifications, analytics) as an administrator. */
  sendToMonitoring: Send;
  /** Calls the cash machine as an administrator. */
  sendToAtm: Send;
  /** Runs a statement as root; tables are `cart.orders`, `inventory.product_details` … */
  rows<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** The running processes; the second replica of an app is named `NAME-2`. */
  processes(): Promise<ProcessStatus[]>;
  /**
   * Sends SIGKILL as soon as the process runs; the supervisor restarts it. Here and below, `monitoring` means all of
   * its consumers.
   */
  kill(name: string): Promise<void>;
  /** Suspends a process until `thaw`. */
  freeze(name: string): Promise<void>;
  thaw(name: string): Promise<void>;
  /** Runs the auditor. @returns every broken promise that it found, in words */
  audit(): Promise<string[]>;
  /** Waits until every process is healthy. */
  healthy(): Promise<void>;
  scale(name: string, count: number): Promise<void>;
  /** Rebuilds a consumer of the wallet's events from the first event. */
  rebuild(consumer: string): Promise<void>;
  /** Retries the deliveries to an account's webhook that were given up. @returns the command's output */
  redeliver(accountId: string): Promise<string>;
  /** Changes settings and restarts the affected processes. */
  configure(settings: Record<string, string>): Promise<void>;
  down(): Promise<void>;
}

const HEALTHY_TIMEOUT_MS = 120_000;
/** Each poll runs `souk status`, which starts several programs and queries the engines. */
const STATUS_POLL_MS = 1_000;
const RESTART_TIMEOUT_MS = 30_000;

export async function startSouk(settings: Record<string, string> = {}): Promise<SoukSystem> {
  const program = [join(REPOSITORY, 'tools/souk.mjs'), ...(isInContainers ? ['--docker'] : [])];
  const home = join(REPOSITORY, '.souk', `e2e-${randomBytes(4).toString('hex')}`);
  const souk = async (...args: string[]) =>
    (await run(process.execPath, [...program, ...args, '--home', home], { maxBuffer: 1e7 })).stdout;
  const up = (values: Record<string, string>) => {
    const env = Object.entries(values).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    return souk('up', '--free-ports', '--no-seed', '--parent', String(process.pid), ...env);
  };
  await up({ LOG_LEVEL: 'warn', ...settings });

  const { urls, credentials } = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')) as Settings;
  const pool: Pool = mysql.createPool({
    uri: urls.mysqlRoot,
    connectionLimit: 2,
    timezone: 'Z',
    supportBigNumbers: true,
  });
  // mysql2 passes its plain connection to the listener, contrary to its types.
  pool.on('connection', (connection) => void setTestSession((connection as unknown as Connection).promise()));
  const redis = new Redis(urls.redis, { retryStrategy: () => 200, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);

  const processes = async (): Promise<ProcessStatus[]> => {
    const stdout = await souk('status', '--json').catch((error: unknown) => (error as { stdout: string }).stdout);
    return (JSON.parse(stdout) as { processes: ProcessStatus[] }).processes;
  };
  const oneOf = async (name: string) => {
    const one = (await processes()).find((each) => each.name === name && each.pid);
    if (!one) throw new Error(`${name} does not run`);
    return one;
  };

  return {
    url: urls.cartApi,
    adminKey: credentials.adminApiKey,
    urls,
    payments: settings['PAYMENT_PROVIDER'] === 'simulated' ? 'simulated' : 'wallet',
    redis,
    send: createShopClient(urls.cartApi, credentials.adminApiKey),
    sendToWallet: createShopClient(urls.walletApi, credentials.adminApiKey),
    sendToMonitoring: createShopClient(urls.monitoringApi, credentials.adminApiKey),
    sendToAtm: createShopClient(urls.atmApi, credentials.adminApiKey),
    rows: async <Row>(sql: string, parameters: unknown[] = []) => (await pool.query(sql, parameters))[0] as Row[],
    processes,
    kill: (name) =>
      forEach(name, (each) =>
        eventually(async () => {
          const one = await oneOf(each);
          if (one.id === undefined) process.kill(one.pid!, 'SIGKILL');
          else await killContainer({ ...one, id: one.id }, processes);
        }),
      ),
    audit: async () => {
      const stdout = await souk('audit', '--json').catch((error: unknown) => (error as { stdout: string }).stdout);
      const { checks } = JSON.parse(stdout) as AuditReport;
      if (!checks.some(({ outcome }) => outcome === 'ok')) throw new Error('nothing was audited');
      return checks.flatMap(({ promise, broken = [] }) => broken.map((row) => `${promise}: ${JSON.stringify(row)}`));
    },
    freeze: (name) => forEach(name, async (each) => freeze(await oneOf(each))),
    thaw: (name) => forEach(name, async (each) => thaw(await oneOf(each))),
    healthy: () =>
      eventually(
        async () => {
          const all = await processes();
          const ill = all.filter(({ isHealthy }) => !isHealthy).map((one) => one.name);
          if (all.length === 0 || ill.length > 0) throw new Error(`not healthy: ${ill.join(', ')}`);
        },
        HEALTHY_TIMEOUT_MS,
        STATUS_POLL_MS,
      ),
    scale: async (name, count) => {
      // One after another, because each command locks the home.
      for (const each of processNames(name)) await souk('scale', each, String(count));
    },
    rebuild: async (consumer) => void (await souk('rebuild', consumer)),
    redeliver: (accountId) => souk('redeliver', accountId),
    configure: async (values) => void (await up(values)),
    down: async () => {
      redis.disconnect();
      await pool.end();
      await souk('down');
    },
  };
}

async function forEach(name: string, act: (name: string) => Promise<void>): Promise<void> {
  await Promise.all(processNames(name).map(act));
}

async function freeze({ id, pid }: ProcessStatus): Promise<void> {
  if (id === undefined) process.kill(pid!, 'SIGSTOP');
  else await run('docker', ['pause', id]);
}

async function thaw({ id, pid }: ProcessStatus): Promise<void> {
  if (id === undefined) process.kill(pid!, 'SIGCONT');
  else await run('docker', ['unpause', id]);
}

/**
 * Kills a container's process from inside: `docker kill` would count as an intentional stop, after which nothing restarts the
 * container. Resolves when Docker has noticed.
 */
async function killContainer(
  { id, state, restarts }: ProcessStatus & { id: string },
  processes: () => Promise<ProcessStatus[]>,
): Promise<void> {
  if (state === 'paused') {
    // A frozen process must not run again before it dies, so use `docker kill` and start the container explicitly.
    await run('docker', ['kill', id]);
    await run('docker', ['start', id]);
    return;
  }
  // The command fails because its own container goes down.
  await run('docker', ['exec', id, 'bash', '-c', 'kill -9 $(cat /proc/1/task/1/children)']).catch(() => undefined);
  await eventually(
    async () => {
      const now = (await processes()).find((one) => one.id === id);
      if (now && now.restarts === restarts) throw new Error(`${now.name} still runs`);
    },
    RESTART_TIMEOUT_MS,
    STATUS_POLL_MS,
  );
}
