import { join } from 'node:path';
import type { Home } from '../machine/paths';
import { writeFileAtomically } from '../machine/write-file';
import { apiUrl, databaseUrl, grpcAddress, LOOPBACK, RABBITMQ_USER, rabbitmqUrl, redisUrl } from './addresses';
import type { Settings } from './settings';

/**
 * Writes `engines.json` and `settings.json` into a home: addresses and credentials, for tests and tools.
 * @param images the images by service, if the engines run in containers
 */
export function writeDescriptions(home: Home, settings: Settings, images?: Record<string, string>): void {
  write(join(home.folder, 'engines.json'), { ...describeEngines(settings), images });
  write(join(home.folder, 'settings.json'), describeSystem(home, settings));
}

function describeEngines({ ports, passwords }: Settings) {
  return {
    mysql: { host: LOOPBACK, port: ports.mysql, rootPassword: passwords.mysqlRoot },
    rabbitmq: {
      host: LOOPBACK,
      port: ports.rabbitmq,
      managementPort: ports.rabbitmqManagement,
      user: RABBITMQ_USER,
      password: passwords.rabbitmq,
    },
    redis: { host: LOOPBACK, port: ports.redis, password: passwords.redis },
  };
}

function describeSystem(home: Home, settings: Settings) {
  const { ports, passwords } = settings;
  return {
    home: home.folder,
    run: home.run,
    logs: home.logs,
    ports,
    urls: {
      cartApi: apiUrl(settings, 'cartApi'),
      walletApi: apiUrl(settings, 'walletApi'),
      monitoringApi: apiUrl(settings, 'monitoringApi'),
      atmApi: apiUrl(settings, 'atmApi'),
      rabbitmq: rabbitmqUrl(settings),
      rabbitmqManagement: `http://${LOOPBACK}:${ports.rabbitmqManagement}`,
      mysqlRoot: `mysql://root:${encodeURIComponent(passwords.mysqlRoot)}@${LOOPBACK}:${ports.mysql}`,
      cartDatabase: databaseUrl(settings, 'cart'),
      inventoryDatabase: databaseUrl(settings, 'inventory'),
      walletDatabase: databaseUrl(settings, 'wallet'),
      monitoringDatabase: databaseUrl(settings, 'monitoring'),
      redis: redisUrl(settings),
      inventory: grpcAddress(settings, 'inventoryGrpc'),
      payments: grpcAddress(settings, 'walletGrpc'),
    },
    credentials: { rabbitmqUser: RABBITMQ_USER, ...passwords, adminApiKey: settings.values.ADMIN_API_KEY ?? '' },
    engines: describeEngines(settings),
  };
}

function write(path: string, content: unknown): void {
  writeFileAtomically(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}
