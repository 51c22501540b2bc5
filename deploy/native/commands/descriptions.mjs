// @ts-check
import { join } from 'node:path';
import { RABBITMQ_USER } from '../engines/rabbitmq-definitions.mjs';
import { writeFileAtomically } from '../../machine/write-file.mjs';
import { atmApiUrl, cartApiUrl, monitoringApiUrl, walletApiUrl } from '../../settings/addresses.mjs';
import {
  cartDatabaseUrl,
  inventoryAddress,
  inventoryDatabaseUrl,
  monitoringDatabaseUrl,
  rabbitmqUrl,
  redisUrl,
  walletAddress,
  walletDatabaseUrl,
} from '../settings/apps.mjs';

const HOST = '127.0.0.1';

/**
 * Writes `engines.json` and `settings.json` into a home: addresses and credentials, for tests and tools.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {Record<string, string>} [images] the images by service, if the engines run in containers
 */
export function writeDescriptions(home, settings, images) {
  write(join(home.folder, 'engines.json'), { ...describeEngines(settings), images });
  write(join(home.folder, 'settings.json'), describeSystem(home, settings));
}

/** @param {import('../../settings/settings.mjs').Settings} settings */
function describeEngines({ ports, passwords }) {
  return {
    mysql: { host: HOST, port: ports.mysql, rootPassword: passwords.mysqlRoot },
    rabbitmq: {
      host: HOST,
      port: ports.rabbitmq,
      managementPort: ports.rabbitmqManagement,
      user: RABBITMQ_USER,
      password: passwords.rabbitmq,
    },
    redis: { host: HOST, port: ports.redis, password: passwords.redis },
  };
}

/** @param {import('../../machine/paths.mjs').Home} home @param {import('../../settings/settings.mjs').Settings} settings */
function describeSystem(home, settings) {
  const { ports, passwords } = settings;
  return {
    home: home.folder,
    run: home.run,
    logs: home.logs,
    ports,
    urls: {
      cartApi: cartApiUrl(settings),
      walletApi: walletApiUrl(settings),
      monitoringApi: monitoringApiUrl(settings),
      atmApi: atmApiUrl(settings),
      rabbitmq: rabbitmqUrl(settings),
      rabbitmqManagement: `http://${HOST}:${ports.rabbitmqManagement}`,
      mysqlRoot: `mysql://root:${encodeURIComponent(passwords.mysqlRoot)}@${HOST}:${ports.mysql}`,
      cartDatabase: cartDatabaseUrl(settings),
      inventoryDatabase: inventoryDatabaseUrl(settings),
      walletDatabase: walletDatabaseUrl(settings),
      monitoringDatabase: monitoringDatabaseUrl(settings),
      redis: redisUrl(settings),
      inventory: inventoryAddress(settings),
      payments: walletAddress(settings),
    },
    credentials: { rabbitmqUser: RABBITMQ_USER, ...passwords, adminApiKey: settings.values.ADMIN_API_KEY ?? '' },
    engines: describeEngines(settings),
  };
}

/** @param {string} path @param {unknown} content */
function write(path, content) {
  writeFileAtomically(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}
