/*
 * Generates files from the declarations that the services run on: the public contracts in docs/generated, the page on fraud
 * rules, and the types of the client. With `--check` it writes nothing, and fails if a file is out of date.
 */
import {
  ATM_API_DESCRIPTION,
  ATM_API_ROUTES,
  buildAsyncApi,
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
import { describeRules } from '../apps/monitoring/src/fraud/describe-rules';
import { RULES } from '../apps/monitoring/src/fraud/rules';
import { buildClientSource } from './client-source';

const json = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`;

const FILES: Record<string, () => string | Promise<string>> = {
  'docs/generated/cart-api.openapi.json': () => json(buildOpenApi(CART_API_DESCRIPTION, CART_API_ROUTES)),
  'docs/generated/wallet-api.openapi.json': () => json(buildOpenApi(WALLET_API_DESCRIPTION, WALLET_API_ROUTES)),
  'docs/generated/atm-api.openapi.json': () => json(buildOpenApi(ATM_API_DESCRIPTION, ATM_API_ROUTES)),
  'docs/generated/monitoring-api.openapi.json': () =>
    json(buildOpenApi(MONITORING_API_DESCRIPTION, MONITORING_API_ROUTES)),
  'docs/generated/asyncapi.json': () => json(buildAsyncApi()),
  'docs/fraud-rules.md': () => describeRules(RULES),
  'libs/client/src/generated/cart-api.ts': buildClientSource,
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
    console.error(`not fresh: ${stale.join(', ')}. Run \`npm run docs\` and commit what it writes.`);
    process.exitCode = 1;
  } else console.log(stale.length === 0 ? 'what is generated is fresh' : `wrote ${stale.join(', ')}`);
}

void generate(process.argv.includes('--check'));
