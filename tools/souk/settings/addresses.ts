import { brokerPasswordVariable, type BROKER_OPERATOR } from '@souk/contracts';
import type { AppName } from './apps';
import type { Settings } from './settings';

/** The address that everything listens on, except the APIs if SOUK_BIND names another. */
export const LOOPBACK = '127.0.0.1';

/** Each gRPC server has this many ports on this machine, for its replicas. */
export const GRPC_PORTS = 4;

/** The URL of an API on this machine. */
export function apiUrl(settings: Settings, api: 'cartApi' | 'walletApi' | 'atmApi' | 'monitoringApi'): string {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports[api]}`;
}

/** The host to call for a service that listens on `bind`. */
export function reachableHost(bind: string = LOOPBACK): string {
  if (['0.0.0.0', '::', 'localhost'].includes(bind)) return LOOPBACK;
  return bind.includes(':') ? `[${bind}]` : bind;
}

/** The database of an app; schema and user have the same name. */
export function databaseUrl(settings: Settings, schema: 'cart' | 'inventory' | 'wallet' | 'monitoring'): string {
  const password = encodeURIComponent(settings.passwords[`${schema}Db`]);
  return `mysql://${schema}:${password}@${LOOPBACK}:${settings.ports.mysql}/${schema}`;
}

/** The schema of the API keys, as its owner or as a service that only checks keys. */
export function accessDatabaseUrl({ passwords, ports }: Settings, user: 'access' | 'access_reader'): string {
  const password = encodeURIComponent(user === 'access' ? passwords.accessDb : passwords.accessReaderDb);
  return `mysql://${user}:${password}@${LOOPBACK}:${ports.mysql}/access`;
}

/** RabbitMQ as the operator, or as the user of an app, which reaches only what the app needs. */
export function rabbitmqUrl({ values, ports }: Settings, user: AppName | typeof BROKER_OPERATOR): string {
  const password = encodeURIComponent(values[brokerPasswordVariable(user)] ?? '');
  return `amqp://${user}:${password}@${LOOPBACK}:${ports.rabbitmq}`;
}

/** Redis as the operator. */
export function redisUrl(settings: Settings): string {
  return `redis://:${encodeURIComponent(settings.passwords.redis)}@${LOOPBACK}:${settings.ports.redis}`;
}

/** Redis as a user that reaches only its own keys; see deploy/redis. */
export function redisUrlOf({ passwords, ports }: Settings, user: 'atm' | 'payments'): string {
  return `redis://${user}:${encodeURIComponent(passwords[`${user}Redis`])}@${LOOPBACK}:${ports.redis}`;
}

/** The Redis that counts requests for the rate limits. */
export function limitsRedisUrl({ passwords, ports }: Settings): string {
  return `redis://limits:${encodeURIComponent(passwords.limitsRedis)}@${LOOPBACK}:${ports.limitsRedis}`;
}

/** The addresses of the maximum number of replicas, so that scaling doesn't restart the callers. */
export function grpcAddress(settings: Settings, server: 'inventoryGrpc' | 'walletGrpc'): string {
  const addresses = Array.from({ length: GRPC_PORTS }, (_, index) => `${LOOPBACK}:${settings.ports[server] + index}`);
  return `ipv4:${addresses.join(',')}`;
}

/**
 * @param folder the folder of certificates; undefined for an unencrypted connection
 * @returns the URL of an engine that uses TLS
 */
export const urlWithTls = (url: string, folder: string | undefined): string =>
  folder === undefined ? url : `${url.replace(/^(amqp|redis):/, '$1s:')}?tls=${encodeURIComponent(folder)}`;
