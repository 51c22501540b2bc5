import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Home } from '../../machine/paths';
import { accessMode } from '../../settings/access';
import { parseEnvFile } from '../../settings/env-file';
import { claimPorts, releasePorts } from '../../settings/port-blocks';
import { readScale, writeScale } from '../../settings/scale';
import { completeSettingsFile, readSettings } from '../../settings/settings';
import { APP_CONFIGS } from '../../test/app-configs';
import { temporaryHome } from '../../test/temporary-home';
import { APPS, REPLICAS_MAX, SCALE_BOUNDS } from '../apps';
import { appEnvironment, planProcesses } from './plan';

function homeWith(overrides: Record<string, string> = {}) {
  const home = temporaryHome();
  completeSettingsFile(home, overrides);
  return home;
}

const exampleNames = () => Object.keys(parseEnvFile(readFileSync(join(ROOT, '.env.example'), 'utf8')));

/** The plan with the maximum number of replicas. */
function largestPlan(home: Home) {
  for (const { name } of APPS) writeScale(home, SCALE_BOUNDS, name, REPLICAS_MAX);
  return planProcesses(home, { withApps: true });
}

function portsOf(specs: ReturnType<typeof planProcesses>) {
  return specs.flatMap(({ listens }) => listens.map(({ port }) => port));
}

test('with the example ports, no two processes use the same one, however many replicas there are', () => {
  const ports = portsOf(largestPlan(homeWith()));
  expect(ports).toHaveLength(new Set(ports).size);
});

test('a home with its own port block stays inside it, however many replicas there are', async () => {
  const home = temporaryHome();
  const claim = await claimPorts(home);
  try {
    completeSettingsFile(home, claim);
    const ports = portsOf(largestPlan(home));
    expect(ports).toHaveLength(new Set(ports).size);
    const block = Math.floor(Number(claim.CART_API_PORT) / 500);
    expect(ports.filter((port) => Math.floor(port / 500) !== block)).toEqual([]);
  } finally {
    releasePorts(home, Number(claim.CART_API_PORT));
  }
});

test('every app gets the ports in its plan, and callers get the address of every inventory manager', () => {
  const specs = largestPlan(homeWith()).filter(({ kind }) => kind === 'app');
  for (const { env, listens } of specs) {
    const ports = [env.HEALTH_PORT, env.PORT, env.GRPC_PORT].filter((port) => port !== undefined).map(Number);
    expect(ports).toEqual(listens.map(({ port }) => port));
  }
  const inventories = specs.filter(({ name }) => name.startsWith('inventory-manager'));
  const grpcListeners = inventories.flatMap(({ listens }) => listens.filter(({ use }) => use === 'gRPC'));
  const addresses = grpcListeners.map(({ host, port }) => `${host}:${port}`);
  const callers = specs.filter(({ env }) => env.INVENTORY_ADDRESS !== undefined);
  expect(callers).toHaveLength(3 * REPLICAS_MAX);
  expect(new Set(callers.map(({ env }) => env.INVENTORY_ADDRESS))).toEqual(new Set([`ipv4:${addresses.join()}`]));
});

test('only the APIs can be reached from other machines', () => {
  const listens = largestPlan(homeWith({ SOUK_BIND: '0.0.0.0' })).flatMap((spec) => spec.listens);
  const open = listens.filter(({ host }) => host !== '127.0.0.1').map(({ use }) => use);
  expect(new Set(open)).toEqual(new Set(['cart-api', 'wallet-api', 'atm-api', 'monitoring']));
});

test.each(APPS.map((app) => [app.name, app] as const))(
  'every setting of %s in .env.example reaches it',
  (name, app) => {
    const ownSettings = Object.keys(APP_CONFIGS[name].shape);
    // Most apps always listen on loopback.
    const names = exampleNames().filter((setting) => ownSettings.includes(setting) && setting !== 'SOUK_BIND');
    const overrides = Object.fromEntries(names.map((setting) => [setting, 'overridden']));
    expect(appEnvironment(app, readSettings(homeWith(overrides)), 1)).toMatchObject(overrides);
  },
);

test('scaling does not change the version of any running process', () => {
  const home = homeWith();
  const before = planProcesses(home, { withApps: true });
  const after = new Map(largestPlan(home).map(({ name, version }) => [name, version]));
  expect(before.map(({ name }) => after.get(name))).toEqual(before.map(({ version }) => version));
});

test.each([
  ['SIMULATED_PAYMENT_LATENCY_MS', 'checkout-worker'],
  ['WEBHOOK_RETRY_HOURS', 'monitoring'],
  ['FRAUD_RULES', 'monitoring'],
  ['ATM_MACHINES', 'atm-api'],
])('%s changes only %s', (setting, app) => {
  const home = homeWith();
  const before = new Map(planProcesses(home, { withApps: true }).map(({ name, version }) => [name, version]));
  completeSettingsFile(home, { [setting]: '5' });
  const changed = planProcesses(home, { withApps: true }).filter(({ name, version }) => before.get(name) !== version);
  expect(changed.map(({ name }) => name)).toEqual([app]);
});

test('the scale is remembered, even if it is 0; an invalid scale is refused and changes nothing', () => {
  const home = homeWith();
  writeScale(home, SCALE_BOUNDS, 'cart-worker', 0);
  writeScale(home, SCALE_BOUNDS, 'cart-api', 2);
  for (const count of [-1, 1.5, NaN, REPLICAS_MAX + 1]) {
    expect(() => writeScale(home, SCALE_BOUNDS, 'cart-api', count)).toThrow('0 to 4');
  }
  expect(() => writeScale(home, SCALE_BOUNDS, 'mysql', 2)).toThrow('no app "mysql"');
  expect(readScale(home)).toEqual({ 'cart-worker': 0, 'cart-api': 2 });
  const names = planProcesses(home, { withApps: true }).map(({ name }) => name);
  expect(names).toEqual([
    'mysql',
    'rabbitmq',
    'redis',
    'limits-redis',
    'inventory-manager',
    'checkout-worker',
    'wallet-api',
    'monitoring',
    'atm-api',
    'cart-api',
    'cart-api-2',
  ]);
});

test.each([
  [{}, 'open'],
  [{ ACCESS: 'closed' }, 'closed'],
  [{ NODE_ENV: 'production' }, 'closed'],
  [{ SOUK_BIND: '0.0.0.0' }, 'closed'],
])('with the settings %j, access to every API is %s, as the commands assume', (overrides, mode) => {
  const settings = readSettings(homeWith(overrides));
  expect(accessMode(settings)).toBe(mode);
  const apis = APPS.filter(({ isPublic }) => isPublic);
  expect(apis.length).toBe(4);
  for (const app of apis) expect(appEnvironment(app, settings, 1).ACCESS).toBe(mode);
});
