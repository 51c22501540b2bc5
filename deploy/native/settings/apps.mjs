// @ts-check

/** Maximum number of replicas of one app; more would have no ports. */
export const REPLICAS_MAX = 4;

const LOOPBACK = '127.0.0.1';

/**
 * One app: where it listens, and its settings. A new app joins the system with a row in {@link APPS}.
 *
 * @typedef {object} AppRow
 * @property {string} name its folder under `dist/apps`
 * @property {import('../../settings/settings.mjs').PortName} healthPort serves `/readyz`; shown to users as the app's port
 * @property {number} healthPortStep what each further replica adds to it
 * @property {{ port: import('../../settings/settings.mjs').PortName, step: number, use: string }[]} otherPorts
 * @property {boolean} isPublic whether it listens on SOUK_BIND; other apps, and other ports, can be reached only from this machine
 * @property {(settings: import('../../settings/settings.mjs').Settings, replica: number) => Record<string, string | undefined>} environment
 *   the settings and secrets of this app only; undefined ones are left out
 */

/** @type {AppRow[]} */
export const APPS = [
  {
    name: 'inventory-manager',
    healthPort: 'inventoryHealth',
    healthPortStep: 100,
    otherPorts: [{ port: 'inventoryGrpc', step: 1, use: 'gRPC' }],
    isPublic: false,
    environment: (settings, replica) => ({
      HEALTH_PORT: String(portOf(settings, 'inventoryHealth', 100, replica)),
      GRPC_PORT: String(portOf(settings, 'inventoryGrpc', 1, replica)),
      INVENTORY_DATABASE_URL: inventoryDatabaseUrl(settings),
    }),
  },
  {
    name: 'cart-worker',
    healthPort: 'cartWorkerHealth',
    healthPortStep: 100,
    otherPorts: [],
    isPublic: false,
    environment: (settings, replica) => ({
      HEALTH_PORT: String(portOf(settings, 'cartWorkerHealth', 100, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings),
      CART_DATABASE_URL: cartDatabaseUrl(settings),
      INVENTORY_ADDRESS: inventoryAddress(settings),
    }),
  },
  {
    name: 'checkout-worker',
    healthPort: 'checkoutWorkerHealth',
    healthPortStep: 100,
    otherPorts: [],
    isPublic: false,
    environment: (settings, replica) => ({
      HEALTH_PORT: String(portOf(settings, 'checkoutWorkerHealth', 100, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings),
      INVENTORY_ADDRESS: inventoryAddress(settings),
      WALLET_ADDRESS: walletAddress(settings),
      PAYMENT_PROVIDER: settings.values.PAYMENT_PROVIDER,
      REDIS_URL: settings.values.PAYMENT_PROVIDER === 'simulated' ? redisUrl(settings) : undefined,
      ...withPrefix(settings, 'SIMULATED_PAYMENT_'),
    }),
  },
  {
    name: 'wallet-api',
    healthPort: 'walletApi',
    // Like the Cart API, whose ports end in a different digit.
    healthPortStep: 10,
    otherPorts: [{ port: 'walletGrpc', step: 1, use: 'gRPC' }],
    isPublic: true,
    environment: (settings, replica) => ({
      PORT: String(portOf(settings, 'walletApi', 10, replica)),
      GRPC_PORT: String(portOf(settings, 'walletGrpc', 1, replica)),
      GRPC_BIND: LOOPBACK,
      RABBITMQ_URL: rabbitmqUrl(settings),
      WALLET_DATABASE_URL: walletDatabaseUrl(settings),
      ATM_REFERENCES: settings.values.ATM_REFERENCES,
      ADMIN_API_KEY: settings.values.ADMIN_API_KEY,
      CORS_ORIGINS: settings.values.CORS_ORIGINS,
      API_LINKS: apiLinks(settings),
    }),
  },
  {
    name: 'monitoring',
    healthPort: 'monitoringApi',
    healthPortStep: 10,
    otherPorts: [],
    isPublic: true,
    environment: (settings, replica) => ({
      PORT: String(portOf(settings, 'monitoringApi', 10, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings),
      MONITORING_DATABASE_URL: monitoringDatabaseUrl(settings),
      WALLET_ADDRESS: walletAddress(settings),
      ADMIN_API_KEY: settings.values.ADMIN_API_KEY,
      CORS_ORIGINS: settings.values.CORS_ORIGINS,
      API_LINKS: apiLinks(settings),
      WEBHOOK_SECRET_KEY: settings.values.WEBHOOK_SECRET_KEY,
      ...withPrefix(settings, 'FRAUD_'),
      ...withPrefix(settings, 'WEBHOOK_'),
    }),
  },
  {
    name: 'atm-api',
    healthPort: 'atmApi',
    healthPortStep: 10,
    otherPorts: [],
    isPublic: true,
    environment: (settings, replica) => ({
      PORT: String(portOf(settings, 'atmApi', 10, replica)),
      WALLET_ADDRESS: walletAddress(settings),
      REDIS_URL: redisUrl(settings),
      ADMIN_API_KEY: settings.values.ADMIN_API_KEY,
      CORS_ORIGINS: settings.values.CORS_ORIGINS,
      API_LINKS: apiLinks(settings),
      ...withPrefix(settings, 'ATM_'),
      // Not a file, which belongs to one process: all replicas share the machine's stock.
      ATM_STORE: 'redis',
    }),
  },
  {
    name: 'cart-api',
    healthPort: 'cartApi',
    // Not 100: the second replica would take the health port of the cart worker.
    healthPortStep: 10,
    otherPorts: [],
    isPublic: true,
    environment: (settings, replica) => ({
      PORT: String(portOf(settings, 'cartApi', 10, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings),
      INVENTORY_ADDRESS: inventoryAddress(settings),
      ADMIN_API_KEY: settings.values.ADMIN_API_KEY,
      CORS_ORIGINS: settings.values.CORS_ORIGINS,
      API_LINKS: apiLinks(settings),
    }),
  },
];

/** The apps that can be scaled, and the maximum. */
export const SCALE_BOUNDS = { apps: APPS.map(({ name }) => name), replicasMax: REPLICAS_MAX };

/**
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {import('../../settings/settings.mjs').PortName} port
 * @param {number} step
 * @param {number} replica 1 for the first
 */
export function portOf(settings, port, step, replica) {
  return settings.ports[port] + step * (replica - 1);
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function inventoryAddress(settings) {
  return grpcAddress(settings, 'inventoryGrpc');
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function walletAddress(settings) {
  return grpcAddress(settings, 'walletGrpc');
}

/**
 * The addresses of the maximum number of replicas, so that scaling doesn't restart the callers.
 *
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {import('../../settings/settings.mjs').PortName} port
 */
function grpcAddress(settings, port) {
  const replicas = Array.from({ length: REPLICAS_MAX }, (_, index) => index + 1);
  return `ipv4:${replicas.map((replica) => `${LOOPBACK}:${portOf(settings, port, 1, replica)}`).join(',')}`;
}

/** The links on each API's documentation pages. @param {import('../../settings/settings.mjs').Settings} settings */
function apiLinks({ values, ports }) {
  const { cartApi, walletApi, atmApi, monitoringApi } = ports;
  return (
    values.API_LINKS ?? `Cart API=${cartApi},Wallet API=${walletApi},ATM API=${atmApi},Monitoring API=${monitoringApi}`
  );
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function rabbitmqUrl(settings) {
  return `amqp://souk:${encodeURIComponent(settings.passwords.rabbitmq)}@${LOOPBACK}:${settings.ports.rabbitmq}`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function cartDatabaseUrl(settings) {
  return `mysql://cart:${encodeURIComponent(settings.passwords.cartDb)}@${LOOPBACK}:${settings.ports.mysql}/cart`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function inventoryDatabaseUrl(settings) {
  return `mysql://inventory:${encodeURIComponent(settings.passwords.inventoryDb)}@${LOOPBACK}:${settings.ports.mysql}/inventory`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function walletDatabaseUrl(settings) {
  return `mysql://wallet:${encodeURIComponent(settings.passwords.walletDb)}@${LOOPBACK}:${settings.ports.mysql}/wallet`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function monitoringDatabaseUrl(settings) {
  return `mysql://monitoring:${encodeURIComponent(settings.passwords.monitoringDb)}@${LOOPBACK}:${settings.ports.mysql}/monitoring`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
export function redisUrl(settings) {
  return `redis://:${encodeURIComponent(settings.passwords.redis)}@${LOOPBACK}:${settings.ports.redis}`;
}

/** @param {import('../../settings/settings.mjs').Settings} settings @param {string} prefix */
function withPrefix(settings, prefix) {
  return Object.fromEntries(Object.entries(settings.forOneApp).filter(([name]) => name.startsWith(prefix)));
}
