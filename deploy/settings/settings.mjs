// @ts-check
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { ROOT } from '../machine/paths.mjs';
import { writeFileAtomically } from '../machine/write-file.mjs';
import { parseEnvFile, withValues } from './env-file.mjs';

/** Each port and the variable that sets it. */
export const PORT_VARIABLES = /** @type {const} */ ({
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
});

/** Each password and the variable that sets it; generated if it is missing. */
export const PASSWORD_VARIABLES = /** @type {const} */ ({
  mysqlRoot: 'MYSQL_ROOT_PASSWORD',
  cartDb: 'CART_DB_PASSWORD',
  inventoryDb: 'INVENTORY_DB_PASSWORD',
  walletDb: 'WALLET_DB_PASSWORD',
  monitoringDb: 'MONITORING_DB_PASSWORD',
  auditorDb: 'AUDITOR_DB_PASSWORD',
  rabbitmq: 'RABBITMQ_PASSWORD',
  redis: 'REDIS_PASSWORD',
  auditorRedis: 'AUDITOR_REDIS_PASSWORD',
});

/** Encrypts the webhook secrets in the database; generated like a password, but as a key. */
const WEBHOOK_SECRET_KEY = 'WEBHOOK_SECRET_KEY';

/** Settings that reach an app only through the app table: they are secrets, or have another meaning there. */
const HELD_BACK = new Set([
  ...Object.values(PORT_VARIABLES),
  ...Object.values(PASSWORD_VARIABLES),
  WEBHOOK_SECRET_KEY,
  ...[
    'SOUK_MYSQLD',
    'SOUK_BIND',
    'COMPOSE_PROJECT_NAME',
    'LOG_LEVEL',
    'ADMIN_API_KEY',
    'CORS_ORIGINS',
    'PAYMENT_PROVIDER',
  ],
]);

/**
 * @typedef {keyof typeof PORT_VARIABLES} PortName
 * @typedef {keyof typeof PASSWORD_VARIABLES} PasswordName
 *
 * @typedef {object} Settings
 * @property {Record<PortName, number>} ports
 * @property {Record<PasswordName, string>} passwords
 * @property {Record<string, string>} values every variable that is set, by its name
 * @property {Record<string, string>} passedOn the variables that every app gets unchanged
 * @property {Record<string, string>} forOneApp the variables that only the app whose row selects their prefix gets, unchanged
 */

/**
 * Reads a home's settings; a setting missing from the file has the value in `.env.example`.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @returns {Settings}
 * @throws {Failure} naming every fault at once
 */
export function readSettings(home) {
  const fromFile = existsSync(home.envFile) ? parseEnvFile(readFileSync(home.envFile, 'utf8')) : {};
  const all = Object.entries({ ...parseEnvFile(exampleText()), ...fromFile });
  const values = Object.fromEntries(all.filter(([, value]) => value !== ''));
  const faults = [...portFaults(values), ...missingPasswords(values)];
  if (faults.length > 0) throw new Failure([`${home.envFile} has faults:`, ...faults].join('\n  '));

  const notHeldBack = Object.entries(values).filter(([name]) => !HELD_BACK.has(name));
  return {
    ports: mapValues(PORT_VARIABLES, (variable) => Number(values[variable])),
    passwords: mapValues(PASSWORD_VARIABLES, (variable) => values[variable] ?? ''),
    values,
    passedOn: Object.fromEntries(notHeldBack.filter(([name]) => !isForOneApp(name))),
    forOneApp: Object.fromEntries(notHeldBack.filter(([name]) => isForOneApp(name))),
  };
}

/**
 * Creates the settings file if there is none, and gives every missing password and key a random value. A complete file stays
 * unchanged.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {Record<string, string>} [overrides] values to set in any case
 * @param {string[]} [alsoSecret] further variables that get a random value if they have none
 * @returns {'created' | 'completed' | 'unchanged'}
 */
export function completeSettingsFile(home, overrides = {}, alsoSecret = []) {
  const exists = existsSync(home.envFile);
  const text = exists ? readFileSync(home.envFile, 'utf8') : exampleText();
  const values = parseEnvFile(text);
  const secrets = [...Object.values(PASSWORD_VARIABLES), WEBHOOK_SECRET_KEY, ...alsoSecret];
  const missing = secrets.filter((name) => !values[name]);
  const generated = Object.fromEntries(missing.map((name) => [name, randomSecret(name)]));
  const completed = withValues(text, { ...generated, ...overrides });
  if (exists && completed === text) return 'unchanged';
  writeFileAtomically(home.envFile, completed, { mode: 0o600 });
  return exists ? 'completed' : 'created';
}

/** @param {string} name */
function randomSecret(name) {
  return name === WEBHOOK_SECRET_KEY ? randomBytes(32).toString('base64') : randomBytes(18).toString('base64url');
}

function exampleText() {
  return readFileSync(join(ROOT, '.env.example'), 'utf8');
}

/** @param {string} name */
function isForOneApp(name) {
  return ['SIMULATED_PAYMENT_', 'AUDIT_', 'ATM_', 'FRAUD_', 'WEBHOOK_'].some((prefix) => name.startsWith(prefix));
}

/** @param {Record<string, string>} values */
function portFaults(values) {
  /** @type {Map<number, string>} */
  const seen = new Map();
  return Object.values(PORT_VARIABLES).flatMap((name) => {
    const port = Number(values[name]);
    if (!Number.isInteger(port) || port < 1 || port > 65535) return [`${name} is not a port: ${values[name] ?? ''}`];
    const other = seen.get(port);
    seen.set(port, name);
    return other ? [`${name} and ${other} are both ${port}`] : [];
  });
}

/** @param {Record<string, string>} values */
function missingPasswords(values) {
  return Object.values(PASSWORD_VARIABLES).flatMap((name) => (values[name] ? [] : [`${name} is missing`]));
}

/**
 * @template {string} K
 * @template T
 * @param {Record<K, string>} record
 * @param {(variable: string) => T} map
 * @returns {Record<K, T>}
 */
function mapValues(record, map) {
  const entries = /** @type {[K, string][]} */ (Object.entries(record)).map(([key, value]) => [key, map(value)]);
  return /** @type {Record<K, T>} */ (Object.fromEntries(entries));
}
