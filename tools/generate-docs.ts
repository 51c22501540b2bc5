/*
 * Writes the contracts that others read into docs/generated, from the declarations that the services run on.
 * With `--check` it writes nothing, and fails when what is there is not what would be written.
 */
import { buildAsyncApi, CART_API_DESCRIPTION, CART_API_ROUTES } from '@souk/contracts';
import { buildOpenApi } from '@souk/http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/generated';

const DOCUMENTS: Record<string, () => unknown> = {
  'cart-api.openapi.json': () => buildOpenApi(CART_API_DESCRIPTION, CART_API_ROUTES),
  'asyncapi.json': buildAsyncApi,
};

const isCheck = process.argv.includes('--check');
const stale: string[] = [];

mkdirSync(FOLDER, { recursive: true });
for (const [name, build] of Object.entries(DOCUMENTS)) {
  const path = join(FOLDER, name);
  const text = `${JSON.stringify(build(), null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(path);
  if (!isCheck) writeFileSync(path, text);
}

if (isCheck && stale.length > 0) {
  console.error(`not fresh: ${stale.join(', ')}. Run \`npm run docs\` and commit what it writes.`);
  process.exit(1);
}
console.log(stale.length === 0 ? 'the generated documents are fresh' : `wrote ${stale.join(', ')}`);
