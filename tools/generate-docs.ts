/*
 * Generates files from the declarations that the services run on: the public contracts in docs/generated, the contents of the
 * broker in deploy/rabbitmq, the page on fraud rules, the settings tables in the READMEs of the apps, and the types of the client;
 * and the page on licences from the lock file. With `--check` it writes nothing, and fails if a file is out of date.
 */
import {
  ATM_API_DESCRIPTION,
  ATM_API_ROUTES,
  buildAsyncApi,
  buildBrokerDefinitions,
  CART_API_DESCRIPTION,
  CART_API_ROUTES,
  MONITORING_API_DESCRIPTION,
  MONITORING_API_ROUTES,
  WALLET_API_DESCRIPTION,
  WALLET_API_ROUTES,
} from '@souk/contracts';
import { buildOpenApi } from '@souk/http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { configSchema as atmApi } from '../apps/atm-api/src/config';
import { configSchema as auditor } from '../apps/auditor/src/config';
import { configSchema as cartApi } from '../apps/cart-api/src/config';
import { configSchema as cartWorker } from '../apps/cart-worker/src/config';
import { configSchema as checkoutWorker } from '../apps/checkout-worker/src/config';
import { configSchema as inventoryManager } from '../apps/inventory-manager/src/config';
import { configSchema as monitoring } from '../apps/monitoring/src/config';
import { describeRules } from '../apps/monitoring/src/fraud/describe-rules';
import { RULES } from '../apps/monitoring/src/fraud/rules';
import { configSchema as walletApi } from '../apps/wallet-api/src/config';
import { buildClientSource } from './client-source';
import { describeLicences } from './docs/licences';
import { withSettingsTable, type SettingsSchema } from './docs/settings-table';

const json = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`;

const readmeWithSettings = (path: string, schema: SettingsSchema) => () =>
  withSettingsTable(readFileSync(path, 'utf8'), schema);

const SETTINGS: Record<string, SettingsSchema> = {
  'apps/atm-api/README.md': atmApi,
  'apps/auditor/README.md': auditor,
  'apps/cart-api/README.md': cartApi,
  'apps/cart-worker/README.md': cartWorker,
  'apps/checkout-worker/README.md': checkoutWorker,
  'apps/inventory-manager/README.md': inventoryManager,
  'apps/monitoring/README.md': monitoring,
  'apps/wallet-api/README.md': walletApi,
};

const FILES: Record<string, () => string | Promise<string>> = {
  'docs/generated/cart-api.openapi.json': () => json(buildOpenApi(CART_API_DESCRIPTION, CART_API_ROUTES)),
  'docs/generated/wallet-api.openapi.json': () => json(buildOpenApi(WALLET_API_DESCRIPTION, WALLET_API_ROUTES)),
  'docs/generated/atm-api.openapi.json': () => json(buildOpenApi(ATM_API_DESCRIPTION, ATM_API_ROUTES)),
  'docs/generated/monitoring-api.openapi.json': () =>
    json(buildOpenApi(MONITORING_API_DESCRIPTION, MONITORING_API_ROUTES)),
  'docs/generated/asyncapi.json': () => json(buildAsyncApi()),
  'deploy/rabbitmq/definitions.json': () => json(buildBrokerDefinitions()),
  'docs/fraud-rules.md': () => describeRules(RULES),
  'docs/licences.md': () =>
    describeLicences(JSON.parse(readFileSync('package-lock.json', 'utf8')) as Parameters<typeof describeLicences>[0]),
  'libs/client/src/generated/cart-api.ts': buildClientSource,
  ...Object.fromEntries(Object.entries(SETTINGS).map(([path, schema]) => [path, readmeWithSettings(path, schema)])),
};

async function generate(isCheck: boolean): Promise<void> {
  const stale: string[] = [];
  for (const [path, build] of Object.entries(FILES)) {
    const text = await build();
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    stale.push(path);
    if (isCheck) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (isCheck && stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run \`npm run generate\` and commit the result.`);
    process.exitCode = 1;
  } else console.log(stale.length === 0 ? 'All generated files are up to date.' : `Wrote ${stale.join(', ')}.`);
}

void generate(process.argv.includes('--check'));
