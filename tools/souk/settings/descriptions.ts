import { BROKER_OPERATOR } from '@souk/contracts';
import { join } from 'node:path';
import type { Home } from '../machine/paths';
import { writeFileAtomically } from '../machine/write-file';
import { apiUrl, databaseUrl, grpcAddress, LOOPBACK, rabbitmqUrl, redisUrl, urlWithTls } from './addresses';
import type { Settings } from './settings';

/**
 * Writes `engines.json` and `settings.json` into a home: addresses and credentials, for tests and tools.
 * @param images the images by service, if the engines run in containers
 * @param tls the folder of certificates for the connections, if they use TLS
 */
export function writeDescriptions(
  home: Home,
  settings: Settings,
  { images, tls }: { images?: Record<string, string>; tls?: string | undefined } = {},
): void {
  write(join(home.folder, 'engines.json'), { ...describeEngines(settings), images });
  write(join(home.folder, 'settings.json'), describeSystem(home, settings, tls));
}

function describeEngines({ ports, passwords }: Settings) {
  return {
    mysql: { host: LOOPBACK, port: ports.mysql, rootPassword: passwords.mysqlRoot },
    rabbitmq: {
      host: LOOPBACK,
      port: ports.rabbitmq,
      managementPort: ports.rabbitmqManagement,
      user: BROKER_OPERATOR,
      password: passwords.rabbitmq,
    },
    redis: { host: LOOPBACK, port: ports.redis, password: passwords.redis },
  };
}

function describeSystem(home: Home, settings: Settings, tls: string | undefined) {
  const { ports, passwords } = settings;
  return {
    home: home.folder,
    tls,
    run: home.run,
    logs: home.logs,
    ports,
    urls: {
      cartApi: apiUrl(settings, 'cartApi'),
      walletApi: apiUrl(settings, 'walletApi'),
      monitoringApi: apiUrl(settings, 'monitoringApi'),
      atmApi: apiUrl(settings, 'atmApi'),
      rabbitmq: urlWithTls(rabbitmqUrl(settings, BROKER_OPERATOR), tls),
      rabbitmqManagement: `http://${LOOPBACK}:${ports.rabbitmqManagement}`,
      mysqlRoot: urlWithTls(`mysql://root:${encodeURIComponent(passwords.mysqlRoot)}@${LOOPBACK}:${ports.mysql}`, tls),
      cartDatabase: urlWithTls(databaseUrl(settings, 'cart'), tls),
      inventoryDatabase: urlWithTls(databaseUrl(settings, 'inventory'), tls),
      walletDatabase: urlWithTls(databaseUrl(settings, 'wallet'), tls),
      monitoringDatabase: urlWithTls(databaseUrl(settings, 'monitoring'), tls),
      redis: urlWithTls(redisUrl(settings), tls),
      inventory: grpcAddress(settings, 'inventoryGrpc'),
      payments: grpcAddress(settings, 'walletGrpc'),
    },
    credentials: { rabbitmqUser: BROKER_OPERATOR, ...passwords, adminApiKey: settings.values.ADMIN_API_KEY ?? '' },
    engines: describeEngines(settings),
  };
}

function write(path: string, content: unknown): void {
  writeFileAtomically(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}
