import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { ROOT, type Home } from '../machine/paths';
import { writeFileAtomically } from '../machine/write-file';
import { parseEnvFile, withValues } from './env-file';

/** Each port and the variable that sets it. */
export const PORT_VARIABLES = {
  atmApi: 'ATM_API_PORT',
  cartApi: 'CART_API_PORT',
  cartWorkerHealth: 'CART_WORKER_HEALTH_PORT',
  checkoutWorkerHealth: 'CHECKOUT_WORKER_HEALTH_PORT',
  inventoryGrpc: 'INVENTORY_GRPC_PORT',
  inventoryHealth: 'INVENTORY_HEALTH_PORT',
  monitoringApi: 'MONITORING_API_PORT',
  walletApi: 'WALLET_API_PORT',
  walletGrpc: 'WALLET_GRPC_PORT',
  mysql: 'MYSQL_PORT',
  rabbitmq: 'RABBITMQ_PORT',
  rabbitmqManagement: 'RABBITMQ_MANAGEMENT_PORT',
  rabbitmqDist: 'RABBITMQ_DIST_PORT',
  rabbitmqEpmd: 'RABBITMQ_EPMD_PORT',
  redis: 'REDIS_PORT',
  limitsRedis: 'LIMITS_REDIS_PORT',
} as const;

/** Each password and the variable that sets it; generated if it is missing. */
export const PASSWORD_VARIABLES = {
  mysqlRoot: 'MYSQL_ROOT_PASSWORD',
  cartDb: 'CART_DB_PASSWORD',
  inventoryDb: 'INVENTORY_DB_PASSWORD',
  walletDb: 'WALLET_DB_PASSWORD',
  monitoringDb: 'MONITORING_DB_PASSWORD',
  accessDb: 'ACCESS_DB_PASSWORD',
  accessReaderDb: 'ACCESS_READER_DB_PASSWORD',
  auditorDb: 'AUDITOR_DB_PASSWORD',
  rabbitmq: 'RABBITMQ_PASSWORD',
  cartApiRabbitmq: 'CART_API_RABBITMQ_PASSWORD',
  cartWorkerRabbitmq: 'CART_WORKER_RABBITMQ_PASSWORD',
  checkoutWorkerRabbitmq: 'CHECKOUT_WORKER_RABBITMQ_PASSWORD',
  walletApiRabbitmq: 'WALLET_API_RABBITMQ_PASSWORD',
  monitoringRabbitmq: 'MONITORING_RABBITMQ_PASSWORD',
  redis: 'REDIS_PASSWORD',
  atmRedis: 'ATM_REDIS_PASSWORD',
  paymentsRedis: 'PAYMENTS_REDIS_PASSWORD',
  auditorRedis: 'AUDITOR_REDIS_PASSWORD',
  limitsRedis: 'LIMITS_REDIS_PASSWORD',
  grpc: 'GRPC_TOKEN',
} as const;

/** Encrypts the webhook secrets in the database; generated like a password, but as a key. */
const WEBHOOK_SECRET_KEY = 'WEBHOOK_SECRET_KEY';

/** Settings that reach an app only through the app table: they are secrets, or have another meaning there. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  ...Object.values(PORT_VARIABLES),
  ...Object.values(PASSWORD_VARIABLES),
  WEBHOOK_SECRET_KEY,
  ...[
    'SOUK_MYSQLD',
    'MYSQL_BUFFER_POOL_SIZE',
    'SOUK_BIND',
    'COMPOSE_PROJECT_NAME',
    'COMPOSE_FILE',
    'LOG_LEVEL',
    'ADMIN_API_KEY',
    'CORS_ORIGINS',
    'PAYMENT_PROVIDER',
  ],
]);

export type PortName = keyof typeof PORT_VARIABLES;

export interface Settings {
  ports: Record<PortName, number>;
  passwords: Record<keyof typeof PASSWORD_VARIABLES, string>;
  /** Every variable that is set, by its name. */
  values: Record<string, string>;
  /** The variables that every app gets unchanged. */
  passedOn: Record<string, string>;
  /** The variables that only the app whose row selects their prefix gets, unchanged. */
  forOneApp: Record<string, string>;
}

/**
 * Reads a home's settings; a setting missing from the file has the value in `.env.example`.
 * @throws Failure naming every error at once
 */
export function readSettings(home: Home): Settings {
  const fromFile = existsSync(home.envFile) ? parseEnvFile(readFileSync(home.envFile, 'utf8')) : {};
  const all = Object.entries({ ...parseEnvFile(exampleText()), ...fromFile });
  const values = Object.fromEntries(all.filter(([, value]) => value !== ''));
  const errors = [...portErrors(values), ...missingPasswords(values), ...filePaths(values), ...sizeErrors(values)];
  if (errors.length > 0) throw new Failure([`${home.envFile} contains errors:`, ...errors].join('\n  '));

  const passedOn = Object.entries(values).filter(([name]) => !NOT_PASSED_ON.has(name));
  return {
    ports: mapValues(PORT_VARIABLES, (variable) => Number(values[variable])),
    passwords: mapValues(PASSWORD_VARIABLES, (variable) => values[variable] ?? ''),
    values,
    passedOn: Object.fromEntries(passedOn.filter(([name]) => !isForOneApp(name))),
    forOneApp: Object.fromEntries(passedOn.filter(([name]) => isForOneApp(name))),
  };
}

/**
 * Creates the settings file if there is none, and gives every missing password and key a random value. A complete file stays
 * unchanged.
 * @param overrides values to set even if the file has others
 * @param extraSecrets further variables that get a random value if they have none
 */
export function completeSettingsFile(
  home: Home,
  overrides: Record<string, string> = {},
  extraSecrets: string[] = [],
): 'created' | 'completed' | 'unchanged' {
  const exists = existsSync(home.envFile);
  const text = exists ? readFileSync(home.envFile, 'utf8') : exampleText();
  const values = parseEnvFile(text);
  const secrets = [...Object.values(PASSWORD_VARIABLES), WEBHOOK_SECRET_KEY, ...extraSecrets];
  const missing = secrets.filter((name) => !values[name]);
  const generated = Object.fromEntries(missing.map((name) => [name, randomSecret(name)]));
  const completed = withValues(text, { ...generated, ...overrides });
  if (exists && completed === text) return 'unchanged';
  writeFileAtomically(home.envFile, completed, { mode: 0o600 });
  return exists ? 'completed' : 'created';
}

function randomSecret(name: string): string {
  return name === WEBHOOK_SECRET_KEY ? randomBytes(32).toString('base64') : randomBytes(18).toString('base64url');
}

function exampleText(): string {
  return readFileSync(join(ROOT, '.env.example'), 'utf8');
}

function isForOneApp(name: string): boolean {
  return ['SIMULATED_PAYMENT_', 'AUDIT_', 'ATM_', 'FRAUD_', 'WEBHOOK_', 'ACCESS', 'TOKEN_', 'RATE_LIMITS'].some(
    (prefix) => name.startsWith(prefix),
  );
}

function portErrors(values: Record<string, string>): string[] {
  const seen = new Map<number, string>();
  return Object.values(PORT_VARIABLES).flatMap((name) => {
    const port = Number(values[name]);
    if (!Number.isInteger(port) || port < 1 || port > 65535) return [`${name} is not a port: ${values[name] ?? ''}`];
    const other = seen.get(port);
    seen.set(port, name);
    return other ? [`${name} and ${other} are both ${port}`] : [];
  });
}

function missingPasswords(values: Record<string, string>): string[] {
  return Object.values(PASSWORD_VARIABLES).flatMap((name) => (values[name] ? [] : [`${name} is missing`]));
}

function sizeErrors({ MYSQL_BUFFER_POOL_SIZE: size = '' }: Record<string, string>): string[] {
  return /^[1-9]\d{0,5}[MG]$/.test(size)
    ? []
    : [`MYSQL_BUFFER_POOL_SIZE must be a size such as 256M or 16G, not "${size}"`];
}

/** Many values are derived from others, so all of them must be here. */
function filePaths(values: Record<string, string>): string[] {
  return Object.keys(values).flatMap((name) =>
    name.endsWith('_FILE') && name !== 'COMPOSE_FILE'
      ? [`${name} is not supported here: set ${name.replace(/_FILE$/, '')} to the value`]
      : [],
  );
}

function mapValues<K extends string, T>(record: Record<K, string>, map: (variable: string) => T): Record<K, T> {
  const entries = (Object.entries(record) as [K, string][]).map(([key, value]) => [key, map(value)]);
  return Object.fromEntries(entries) as Record<K, T>;
}
