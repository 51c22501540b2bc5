import { APPS, cartDatabaseUrl, inventoryDatabaseUrl, rabbitmqUrl, redisUrl, walletDatabaseUrl } from './apps.mjs';
import { cartApiUrl, reachableHost } from '../../settings/addresses.mjs';
import { temporaryHome } from '../../machine/temporary-home';
import { completeSettingsFile, readSettings } from '../../settings/settings.mjs';

function settingsWith(overrides: Record<string, string>) {
  const home = temporaryHome();
  completeSettingsFile(home, overrides);
  return readSettings(home);
}

test('a password with signs that mean something in an address arrives as it is', () => {
  const password = 'p@ss:w/o?r#d%2F=ü';
  const settings = settingsWith({
    CART_DB_PASSWORD: password,
    INVENTORY_DB_PASSWORD: password,
    WALLET_DB_PASSWORD: password,
    RABBITMQ_PASSWORD: password,
    REDIS_PASSWORD: password,
  });
  for (const urlOf of [cartDatabaseUrl, inventoryDatabaseUrl, walletDatabaseUrl, rabbitmqUrl, redisUrl]) {
    const url = new URL(urlOf(settings));
    expect(decodeURIComponent(url.password)).toBe(password);
    expect(url.hostname).toBe('127.0.0.1');
  }
});

test.each([
  [undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['192.168.1.5', '192.168.1.5'],
  ['::1', '[::1]'],
])('what listens on %s is called at %s', (bind, host) => {
  expect(reachableHost(bind)).toBe(host);
});

test('the Cart API is called where it listens', () => {
  expect(cartApiUrl(settingsWith({ SOUK_BIND: '0.0.0.0', CART_API_PORT: '6003' }))).toBe('http://127.0.0.1:6003');
});

test('no app is told a password that is not its own', () => {
  const settings = settingsWith({});
  const { cartDb, inventoryDb, walletDb, mysqlRoot, rabbitmq, redis } = settings.passwords;
  const told = APPS.map((app) => {
    const text = JSON.stringify(app.environment(settings, 1));
    const known = Object.entries({ cartDb, inventoryDb, walletDb, mysqlRoot, rabbitmq, redis });
    return [app.name, known.flatMap(([name, password]) => (text.includes(password) ? [name] : []))];
  });
  expect(Object.fromEntries(told)).toEqual({
    'inventory-manager': ['inventoryDb'],
    'cart-worker': ['cartDb', 'rabbitmq'],
    'checkout-worker': ['rabbitmq', 'redis'],
    'wallet-api': ['walletDb', 'rabbitmq'],
    'cart-api': ['rabbitmq'],
  });
});
