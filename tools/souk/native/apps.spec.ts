import { apiUrl, databaseUrl, rabbitmqUrl, reachableHost, redisUrl } from '../settings/addresses';
import { APP_NAMES } from '../settings/apps';
import { completeSettingsFile, readSettings } from '../settings/settings';
import { temporaryHome } from '../test/temporary-home';
import { APPS } from './apps';

function settingsWith(overrides: Record<string, string>) {
  const home = temporaryHome();
  completeSettingsFile(home, overrides);
  return readSettings(home);
}

test('a password with characters that are special in URLs arrives unchanged', () => {
  const password = 'p@ss:w/o?r#d%2F=ü';
  const settings = settingsWith({
    CART_DB_PASSWORD: password,
    INVENTORY_DB_PASSWORD: password,
    WALLET_DB_PASSWORD: password,
    MONITORING_DB_PASSWORD: password,
    RABBITMQ_PASSWORD: password,
    CART_API_RABBITMQ_PASSWORD: password,
    REDIS_PASSWORD: password,
  });
  const schemas = ['cart', 'inventory', 'wallet', 'monitoring'] as const;
  const databases = schemas.map((schema) => databaseUrl(settings, schema));
  for (const text of [
    ...databases,
    rabbitmqUrl(settings, 'souk'),
    rabbitmqUrl(settings, 'cart-api'),
    redisUrl(settings),
  ]) {
    const url = new URL(text);
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
])('a service that listens on %s is called at %s', (bind, host) => {
  expect(reachableHost(bind)).toBe(host);
});

test('the URL of an API has the port that the API listens on', () => {
  const ports = { CART_API_PORT: '6003', WALLET_API_PORT: '6004', ATM_API_PORT: '6005', MONITORING_API_PORT: '6006' };
  const settings = settingsWith({ SOUK_BIND: '0.0.0.0', ...ports });
  const urls = (['cartApi', 'walletApi', 'atmApi', 'monitoringApi'] as const).map((api) => apiUrl(settings, api));
  expect(urls).toEqual(Object.values(ports).map((port) => `http://127.0.0.1:${port}`));
});

test('the table has a row for every app, in the order in which the apps start', () => {
  expect(APPS.map(({ name }) => name)).toEqual(APP_NAMES);
});

/** The passwords and keys that each app gets. */
function secretsByApp(overrides: Record<string, string>) {
  const settings = settingsWith(overrides);
  const secrets = { ...settings.passwords, webhookKey: settings.values['WEBHOOK_SECRET_KEY']! };
  const secretsOf = APPS.map((app) => {
    const text = JSON.stringify(app.environment(settings, 1));
    return [app.name, Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []))];
  });
  return Object.fromEntries(secretsOf) as Record<string, string[]>;
}

test('no app gets a password or a key that is not its own', () => {
  expect(secretsByApp({})).toEqual({
    'inventory-manager': ['inventoryDb', 'grpc'],
    'cart-worker': ['cartDb', 'cartWorkerRabbitmq', 'grpc'],
    'checkout-worker': ['checkoutWorkerRabbitmq', 'grpc'],
    'wallet-api': ['walletDb', 'accessReaderDb', 'walletApiRabbitmq', 'limitsRedis', 'grpc'],
    monitoring: ['monitoringDb', 'accessDb', 'monitoringRabbitmq', 'limitsRedis', 'grpc', 'webhookKey'],
    'atm-api': ['accessReaderDb', 'atmRedis', 'limitsRedis', 'grpc'],
    'cart-api': ['accessReaderDb', 'cartApiRabbitmq', 'limitsRedis', 'grpc'],
  });
  expect(secretsByApp({ PAYMENT_PROVIDER: 'simulated' })['checkout-worker']).toEqual([
    'checkoutWorkerRabbitmq',
    'paymentsRedis',
    'grpc',
  ]);
});
