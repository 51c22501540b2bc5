import type { GrpcTarget } from '@souk/grpc';
import { REPOSITORY, isInContainers, isWithTls, setTestSession } from '@souk/testing';
import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2';
import mysql, { type Pool } from 'mysql2/promise';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectRedis, mysqlOptions } from './engine-clients';
import { createShopClient, type Send } from './shop-client';
import { controlProcesses, type SoukCommand, type SoukProcesses } from './souk-processes';

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
    | 'rabbitmqManagement'
    | 'mysqlRoot'
    | 'redis',
    string
  >;
  credentials: { adminApiKey: string; grpc: string };
  /** The folder of the operator's certificate, if the system uses TLS. */
  tls?: string;
}

interface AuditReport {
  checks: { promise: string; outcome: string; broken?: unknown[] }[];
}

/** A separate, complete system: engines and built apps, on free ports, in a folder that is removed with it. */
export interface SoukSystem extends SoukProcesses {
  /** The folder of the system. */
  home: string;
  url: string;
  adminKey: string;
  /** Headers of a request by an administrator. */
  credentials: Record<string, string>;
  urls: Settings['urls'];
  /** The inventory managers, for a gRPC client. */
  inventory: GrpcTarget;
  /** The provider that charges customers. */
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
  /** Runs a statement as root. Tables have names such as `cart.orders`. */
  rows<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs the auditor. @returns a description of every broken promise that it found */
  audit(): Promise<string[]>;
  /** Rebuilds a consumer of the wallet's events from the first event. */
  rebuild(consumer: string): Promise<void>;
  /** Redelivers the dead deliveries of an account. @returns the output of the command */
  redeliver(accountId: string): Promise<string>;
  /** Replaces the certificates of a system with TLS. */
  renewCertificates(): Promise<void>;
  /** Changes settings and restarts the affected processes. */
  configure(settings: Record<string, string>): Promise<void>;
  down(): Promise<void>;
}

/**
 * @param settings those that differ from the defaults
 * @param options.withTls default: whether the tests run with TLS
 */
export async function startSouk(
  settings: Record<string, string> = {},
  { withTls = isWithTls } = {},
): Promise<SoukSystem> {
  const program = [join(REPOSITORY, 'tools/souk.mjs'), ...(isInContainers ? ['--docker'] : [])];
  const home = join(REPOSITORY, '.souk', `e2e-${randomBytes(4).toString('hex')}`);
  const souk: SoukCommand = async (...args) =>
    (await run(process.execPath, [...program, ...args, '--home', home], { maxBuffer: 1e7 })).stdout;
  const up = (values: Record<string, string>) => {
    const env = Object.entries(values).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const options = ['--free-ports', '--no-seed', ...(withTls ? ['--tls'] : [])];
    return souk('up', ...options, '--parent', String(process.pid), ...env);
  };
  await up({ LOG_LEVEL: 'warn', ...settings });

  const { urls, credentials, tls } = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')) as Settings;
  const adminKey = credentials.adminApiKey;
  const pool = openPool(urls.mysqlRoot);
  const redis = connectRedis(urls.redis);

  return {
    ...controlProcesses(souk),
    ...{ home, url: urls.cartApi, adminKey, urls, redis },
    inventory: { address: urls.inventory, token: credentials.grpc, tls },
    credentials: adminKey === '' ? {} : { 'x-api-key': adminKey },
    payments: settings['PAYMENT_PROVIDER'] === 'simulated' ? 'simulated' : 'wallet',
    send: createShopClient(urls.cartApi, adminKey),
    sendToWallet: createShopClient(urls.walletApi, adminKey),
    sendToMonitoring: createShopClient(urls.monitoringApi, adminKey),
    sendToAtm: createShopClient(urls.atmApi, adminKey),
    rows: async <Row>(sql: string, parameters: unknown[] = []) => (await pool.query(sql, parameters))[0] as Row[],
    audit: () => audit(souk),
    rebuild: async (consumer) => void (await souk('rebuild', consumer)),
    redeliver: (accountId) => souk('redeliver', accountId),
    renewCertificates: async () => void (await souk('renew-certificates')),
    configure: async (values) => void (await up(values)),
    down: async () => {
      redis.disconnect();
      await pool.end();
      await souk('down');
    },
  };
}

function openPool(url: string): Pool {
  const pool = mysql.createPool({ ...mysqlOptions(url), connectionLimit: 2, timezone: 'Z', supportBigNumbers: true });
  // Contrary to its types, mysql2 passes the listener a connection of its callback API.
  pool.on('connection', (connection) => void setTestSession((connection as unknown as Connection).promise()));
  return pool;
}

async function audit(souk: SoukCommand): Promise<string[]> {
  const stdout = await souk('audit', '--json').catch((error: unknown) => (error as { stdout: string }).stdout);
  const { checks } = JSON.parse(stdout) as AuditReport;
  if (!checks.some(({ outcome }) => outcome === 'ok')) throw new Error('nothing was audited');
  return checks.flatMap(({ promise, broken = [] }) => broken.map((row) => `${promise}: ${JSON.stringify(row)}`));
}
