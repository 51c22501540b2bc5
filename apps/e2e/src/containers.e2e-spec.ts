import { createCartApiClient, unwrap } from '@souk/client';
import { eventually as eventuallyEvery, REPOSITORY } from '@souk/testing';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import { startShopping, wrongReplies } from '../test/shopping';
import { APPS, processNames } from '../test/souk-processes';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openWallets } from '../test/wallets';

const run = promisify(execFile);
const MINUTE_MS = 60_000;

let souk: SoukSystem;
const stockSet = new Map<string, number>();

beforeAll(async () => {
  souk = await startSouk({ ORDER_RECHECK: '2' });
  await souk.scale('cart-api', 2);
  await souk.scale('cart-worker', 3);
  await souk.scale('checkout-worker', 2);
  await souk.scale('inventory-manager', 2);
  await souk.scale('wallet-api', 2);
}, 10 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

async function putProduct(productID: string, quantity: number): Promise<void> {
  const api = createCartApiClient({ url: souk.url, apiKey: souk.adminKey });
  unwrap(await api.putProduct({ productID, productName: productID, quantity, unitPrice: '10.00' }));
  stockSet.set(productID, quantity);
}

/** Most checks run `docker`, which would keep the processors busy without a long pause between them. */
const POLL_MS = 1_000;
const eventually = <T>(check: () => Promise<T>, timeoutMs = 15_000) => eventuallyEvery(check, timeoutMs, POLL_MS);

async function containerOf(name: string): Promise<string> {
  const status = (await souk.processes()).find((process) => process.name === name);
  return status!.id!;
}

/** Reads a page that only the container itself can reach. */
async function readPage(name: string, port: number, path: string): Promise<string> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
  return (await run('docker', ['exec', await containerOf(name), 'bash', '-c', script], { maxBuffer: 1e7 })).stdout;
}

/** Counts the replicas of an API to which the load balancer sends requests. */
async function countInRotation(api = 'cart-api'): Promise<number> {
  const metrics = await readPage('load-balancer', 8404, '/metrics');
  const up = new RegExp(`^haproxy_server_status\\{proxy="${api}-ready",server="[^"]+",state="UP"\\} 1$`, 'gm');
  return (metrics.match(up) ?? []).length;
}

/** Counts the gRPC calls, excluding pings, that a replica of the inventory manager has answered. */
async function countCalls(name: string): Promise<number> {
  const metrics = await readPage(name, 5105, '/metrics');
  const counts = metrics.matchAll(/^grpc_server_call_duration_seconds_count\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test(
  '64 customers buy the last 50 at once, across all replicas: exactly 50 succeed',
  async () => {
    await putProduct('last', 50);
    const api = createCartApiClient({ url: souk.url, apiKey: souk.adminKey });
    const clients = Array.from({ length: 64 }, () => randomUUID());
    await openWallets(souk, clients);
    await Promise.all(
      clients.map(async (clientID) => unwrap(await api.addToCart({ clientID, productID: 'last', quantity: 1 }))),
    );
    const results = await Promise.all(clients.map((clientID) => api.checkOutCart({ clientID }, { waitSeconds: 60 })));
    expect(results.filter(({ ok }) => ok)).toHaveLength(50);
  },
  2 * MINUTE_MS,
);

test(
  'workers are killed and scaled down and up while customers shop: every reply is correct, and the books agree',
  async () => {
    await putProduct('ample', 1_000_000);
    await putProduct('scarce', 60);
    const shoppers = await startShopping(souk, 12, ['ample', 'scarce'], { pauseMs: 100 });
    for (const names of [
      ['cart-worker-2', 'wallet-api', 'load-balancer'],
      ['checkout-worker', 'inventory-manager-2', 'cart-api'],
    ]) {
      await Promise.all(names.map((name) => souk.kill(name)));
      await souk.healthy();
    }
    await souk.scale('cart-worker', 1);
    await souk.scale('inventory-manager', 1);
    await souk.scale('checkout-worker', 1);
    await souk.scale('cart-worker', 3);
    await souk.scale('inventory-manager', 3);
    await souk.scale('checkout-worker', 2);
    // Every replica gets its share of the calls, including the new replicas.
    const before = await Promise.all([1, 2, 3].map((number) => countCalls(inventoryReplica(number))));
    await eventually(async () => {
      for (const [index, calls] of before.entries())
        expect(await countCalls(inventoryReplica(index + 1))).toBeGreaterThan(calls + 20);
    }, 90_000);
    const added = await shoppers.stop();
    await waitUntilAllOrdersEnd(souk);
    expect(await brokenPromises(souk, stockSet)).toEqual([]);
    expect(await wrongReplies(souk, added, shoppers.statuses)).toEqual([]);
    expect(shoppers.statuses.get(200)).toBeGreaterThan(100);
  },
  8 * MINUTE_MS,
);

const inventoryReplica = (number: number) => (number === 1 ? 'inventory-manager' : `inventory-manager-${number}`);

test(
  'a replica that loses its engines reports them, leaves the rotation, and returns once they are back',
  async () => {
    await eventually(async () => expect(await countInRotation()).toBe(2));
    const network = `${await projectOf()}_back`;
    const container = await containerOf('cart-api-2');
    await run('docker', ['network', 'disconnect', network, container]);
    await eventually(async () => expect(await countInRotation()).toBe(1), 60_000);
    expect(await readPage('cart-api-2', 5003, '/readyz')).toMatch(
      / 503 .*"checks":\{"broker":"(unavailable|timeout)","inventory":"(unavailable|timeout)"\}/s,
    );

    const api = createCartApiClient({ url: souk.url, apiKey: souk.adminKey, retry: { attemptsMax: 1 } });
    for (let call = 0; call < 50; call++) unwrap(await api.listProducts({}));

    await run('docker', ['network', 'connect', network, container]);
    await eventually(async () => expect(await countInRotation()).toBe(2), 120_000);
    await souk.healthy();
  },
  4 * MINUTE_MS,
);

async function projectOf(): Promise<string> {
  const format = '{{index .Config.Labels "com.docker.compose.project"}}';
  return (await run('docker', ['inspect', '--format', format, await containerOf('mysql')])).stdout.trim();
}

test(
  'when an engine is down for all replicas, they answer requests that do not need it; without a replica, the load balancer returns 503',
  async () => {
    await putProduct('shown', 1);
    await run('docker', ['stop', await containerOf('rabbitmq')]);
    await eventually(async () => expect(await countInRotation()).toBe(0), 60_000);
    const order = { clientID: 'nobody', productID: 'shown', quantity: 1 };
    expect(await souk.send('POST', '/addToCart', order)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect((await souk.send('GET', '/products/shown')).status).toBe(200);
    await run('docker', ['start', await containerOf('rabbitmq')]);
    await eventually(async () => expect(await countInRotation()).toBe(2), 90_000);

    await souk.scale('cart-api', 0);
    await eventually(async () => {
      const { status, body, headers } = await souk.send('POST', '/addToCart', order);
      expect([status, body]).toEqual([503, { status: 'failed', error: expect.any(String), code: 'UNAVAILABLE' }]);
      expect(headers.get('retry-after')).toBe('1');
    });
    await souk.scale('cart-api', 1);
    await eventually(async () => expect((await souk.send('POST', '/addToCart', order)).status).toBe(200), 30_000);
  },
  4 * MINUTE_MS,
);

test(
  "each consumer of the wallet's events scales independently, and any one of them serves the whole API",
  async () => {
    await souk.scale('monitoring-analytics', 2);
    await eventually(async () => expect(await countInRotation('monitoring-api')).toBe(4), 60_000);
    const names = (await souk.processes()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('monitoring-'))).toEqual([
      'monitoring-analytics',
      'monitoring-analytics-2',
      'monitoring-fraud-detection',
      'monitoring-notifications',
    ]);

    await souk.scale('monitoring-fraud-detection', 0);
    await souk.scale('monitoring-notifications', 0);
    await eventually(async () => expect(await countInRotation('monitoring-api')).toBe(2), 60_000);
    for (const path of ['/accounts/nobody/alerts', '/accounts/nobody/notifications'])
      expect(await souk.sendToMonitoring('GET', path)).toMatchObject({ status: 200, body: { items: [], next: null } });

    await souk.scale('monitoring-analytics', 0);
    await eventually(async () => {
      const { status, body, headers } = await souk.sendToMonitoring('GET', '/analytics/summary');
      expect([status, body['code'], headers.get('content-type')]).toEqual([
        503,
        'UNAVAILABLE',
        'application/problem+json',
      ]);
    }, 30_000);
    await souk.scale('monitoring', 1);
    await eventually(
      async () => expect((await souk.sendToMonitoring('GET', '/analytics/summary')).status).toBe(200),
      30_000,
    );
    await souk.healthy();
  },
  6 * MINUTE_MS,
);

test(
  'the apps run without privileges: not as root, and on a read-only file system',
  async () => {
    const expected = APPS.flatMap(processNames);
    const apps = (await souk.processes()).filter(({ name }) => expected.includes(name));
    expect(apps.map(({ name }) => name).sort()).toEqual([...expected].sort());
    for (const { id } of apps) {
      const { stdout } = await run('docker', ['exec', id!, 'bash', '-c', 'id -u; grep CapEff /proc/1/status']);
      expect(stdout).toMatch(/^[1-9]\d*\nCapEff:\t0+\n$/);
      await expect(run('docker', ['exec', id!, 'touch', '/souk/apps/x'])).rejects.toThrow(/Read-only/);
    }
  },
  MINUTE_MS,
);

test('no engine logs a deprecation, and no statement of the apps causes a warning', async () => {
  // Every broker with the management plugin logs this deprecation.
  const pluginDeprecation = 'management_metrics_collection';
  for (const engine of ['mysql', 'rabbitmq', 'redis']) {
    const { stdout, stderr } = await run('docker', ['logs', await containerOf(engine)], { maxBuffer: 1e8 });
    const lines = (stdout + stderr)
      .split('\n')
      .filter((line) => /deprecat/i.test(line) && !line.includes(pluginDeprecation));
    expect([engine, lines]).toEqual([engine, []]);
  }
  // Statements that tolerate an existing row, table or schema cause a warning if it exists.
  const statements = await souk.rows(
    `SELECT digest_text FROM performance_schema.events_statements_summary_by_digest
      WHERE schema_name IN ('cart', 'inventory', 'wallet', 'monitoring') AND sum_warnings > 0
        AND digest_text NOT LIKE 'INSERT IGNORE %' AND digest_text NOT LIKE 'CREATE % IF NOT EXISTS %'`,
  );
  expect(statements).toEqual([]);
});

test('Compose without the settings file starts nothing and points to setup.sh', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'souk-compose-'));
  cpSync(join(REPOSITORY, 'docker-compose.yml'), join(folder, 'docker-compose.yml'));
  const [command, ...args] = await run('docker', ['compose', 'version']).then(
    () => ['docker', 'compose'],
    () => ['docker-compose'],
  );
  await expect(run(command!, [...args, 'up'], { cwd: folder })).rejects.toThrow(/PASSWORD[\s\S]*\.\/setup\.sh/);
  rmSync(folder, { recursive: true });
});
