import { accessMode } from '../settings/access';
import {
  accessDatabaseUrl,
  databaseUrl,
  GRPC_PORTS,
  grpcAddress,
  limitsRedisUrl,
  LOOPBACK,
  rabbitmqUrl,
  redisUrlOf,
} from '../settings/addresses';
import { APP_NAMES, type AppName } from '../settings/apps';
import type { ScaleBounds } from '../settings/scale';
import type { PortName, Settings } from '../settings/settings';

/** Maximum number of replicas of one app; more would have no ports. */
export const REPLICAS_MAX = GRPC_PORTS;

/** One app: where it listens, and its settings. A new app needs a row in {@link APPS}. */
export interface AppRow {
  /** Its folder under `dist/apps`. */
  name: AppName;
  /** Serves `/readyz`; shown to users as the app's port. */
  healthPort: PortName;
  /** Added to the port for each further replica. */
  healthPortStep: number;
  otherPorts: { port: PortName; step: number; use: string }[];
  /** Whether it listens on SOUK_BIND; other apps, and other ports, can be reached only from this machine. */
  isPublic: boolean;
  /** The settings and secrets of this app only; undefined ones are left out. */
  environment(settings: Settings, replica: number): Record<string, string | undefined>;
}

export const APPS: readonly AppRow[] = [
  {
    name: 'inventory-manager',
    healthPort: 'inventoryHealth',
    healthPortStep: 100,
    otherPorts: [{ port: 'inventoryGrpc', step: 1, use: 'gRPC' }],
    isPublic: false,
    environment: (settings, replica) => ({
      GRPC_TOKEN: settings.passwords.grpc,
      HEALTH_PORT: String(portOf(settings, 'inventoryHealth', 100, replica)),
      GRPC_PORT: String(portOf(settings, 'inventoryGrpc', 1, replica)),
      INVENTORY_DATABASE_URL: databaseUrl(settings, 'inventory'),
    }),
  },
  {
    name: 'cart-worker',
    healthPort: 'cartWorkerHealth',
    healthPortStep: 100,
    otherPorts: [],
    isPublic: false,
    environment: (settings, replica) => ({
      GRPC_TOKEN: settings.passwords.grpc,
      HEALTH_PORT: String(portOf(settings, 'cartWorkerHealth', 100, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings, 'cart-worker'),
      CART_DATABASE_URL: databaseUrl(settings, 'cart'),
      INVENTORY_ADDRESS: grpcAddress(settings, 'inventoryGrpc'),
    }),
  },
  {
    name: 'checkout-worker',
    healthPort: 'checkoutWorkerHealth',
    healthPortStep: 100,
    otherPorts: [],
    isPublic: false,
    environment: (settings, replica) => ({
      GRPC_TOKEN: settings.passwords.grpc,
      HEALTH_PORT: String(portOf(settings, 'checkoutWorkerHealth', 100, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings, 'checkout-worker'),
      INVENTORY_ADDRESS: grpcAddress(settings, 'inventoryGrpc'),
      WALLET_ADDRESS: grpcAddress(settings, 'walletGrpc'),
      PAYMENT_PROVIDER: settings.values.PAYMENT_PROVIDER,
      REDIS_URL: settings.values.PAYMENT_PROVIDER === 'simulated' ? redisUrlOf(settings, 'payments') : undefined,
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
      GRPC_TOKEN: settings.passwords.grpc,
      PORT: String(portOf(settings, 'walletApi', 10, replica)),
      GRPC_PORT: String(portOf(settings, 'walletGrpc', 1, replica)),
      GRPC_BIND: LOOPBACK,
      RABBITMQ_URL: rabbitmqUrl(settings, 'wallet-api'),
      WALLET_DATABASE_URL: databaseUrl(settings, 'wallet'),
      ATM_REFERENCES: settings.values.ATM_REFERENCES,
      ...accessEnvironment(settings, 'access_reader'),
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
      GRPC_TOKEN: settings.passwords.grpc,
      PORT: String(portOf(settings, 'monitoringApi', 10, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings, 'monitoring'),
      MONITORING_DATABASE_URL: databaseUrl(settings, 'monitoring'),
      WALLET_ADDRESS: grpcAddress(settings, 'walletGrpc'),
      ...accessEnvironment(settings, 'access'),
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
      GRPC_TOKEN: settings.passwords.grpc,
      PORT: String(portOf(settings, 'atmApi', 10, replica)),
      WALLET_ADDRESS: grpcAddress(settings, 'walletGrpc'),
      REDIS_URL: redisUrlOf(settings, 'atm'),
      ...accessEnvironment(settings, 'access_reader'),
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
      GRPC_TOKEN: settings.passwords.grpc,
      PORT: String(portOf(settings, 'cartApi', 10, replica)),
      RABBITMQ_URL: rabbitmqUrl(settings, 'cart-api'),
      INVENTORY_ADDRESS: grpcAddress(settings, 'inventoryGrpc'),
      ...accessEnvironment(settings, 'access_reader'),
      CORS_ORIGINS: settings.values.CORS_ORIGINS,
      API_LINKS: apiLinks(settings),
    }),
  },
];

/** The apps that can be scaled, and the maximum. */
export const SCALE_BOUNDS: ScaleBounds = { apps: APP_NAMES, replicasMax: REPLICAS_MAX };

/** @param replica 1 for the first */
export function portOf(settings: Settings, port: PortName, step: number, replica: number): number {
  return settings.ports[port] + step * (replica - 1);
}

/** How a service checks who calls it. */
const accessEnvironment = (settings: Settings, user: 'access' | 'access_reader') => ({
  ADMIN_API_KEY: settings.values.ADMIN_API_KEY,
  ACCESS_DATABASE_URL: accessDatabaseUrl(settings, user),
  TOKEN_REFUSED_CLIENTS: [
    settings.values.MERCHANT_REFERENCE ?? 'merchant',
    settings.values.ATM_REFERENCES ?? 'atm-main',
  ].join(','),
  // Each app runs with NODE_ENV=production, which would close access.
  ACCESS: accessMode(settings),
  ...withPrefix(settings, 'ACCESS'),
  ...withPrefix(settings, 'TOKEN_'),
  RATE_LIMIT_REDIS_URL: limitsRedisUrl(settings),
  RATE_LIMITS: settings.values.RATE_LIMITS,
});

/** The links on each API's documentation pages. */
function apiLinks({ values, ports }: Settings): string {
  const { cartApi, walletApi, atmApi, monitoringApi } = ports;
  return (
    values.API_LINKS ?? `Cart API=${cartApi},Wallet API=${walletApi},ATM API=${atmApi},Monitoring API=${monitoringApi}`
  );
}

function withPrefix(settings: Settings, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(settings.forOneApp).filter(([name]) => name.startsWith(prefix)));
}
