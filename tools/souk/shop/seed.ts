import { uuidNamedBy } from '@souk/service';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { ROOT } from '../machine/paths';
import { adminHeaders } from '../settings/access';
import { apiUrl } from '../settings/addresses';
import type { Settings } from '../settings/settings';

/** The customer in the examples. */
export const DEMO_CUSTOMER = 'demo-customer';
/** The demo customer's initial balance. */
export const DEMO_BALANCE = '1000.00';

const PAGE_SIZE = 500;
const PAGES_MAX = 1000;

interface Product {
  productID: string;
  productName: string;
  quantity: number;
  unitPrice: string;
}

/** An API that is filled with demo data. */
interface Target {
  url: string;
  adminApiKey?: string | undefined;
}

/** The id that the wallet derives from an account's reference. */
export const accountIdOf = (reference: string): string => uuidNamedBy(`souk:account:${reference}`);

/**
 * Fills a shop with demo data: products, and a customer who can pay for them. Existing data stays unchanged.
 * @returns what was done, as text
 */
export async function seed(settings: Settings): Promise<string[]> {
  const adminApiKey = settings.values.ADMIN_API_KEY;
  const count = await seedProducts({ url: apiUrl(settings, 'cartApi'), adminApiKey });
  const isNew = await seedWallet({ url: apiUrl(settings, 'walletApi'), adminApiKey });
  return [
    count === 0 ? 'The demo products already exist.' : `Added ${count} demo products.`,
    isNew
      ? `Opened a wallet with ${DEMO_BALANCE} USD for ${DEMO_CUSTOMER}.`
      : `The wallet of ${DEMO_CUSTOMER} already exists.`,
  ];
}

/**
 * Opens a wallet with money for the demo customer if there is none.
 * @returns whether it was opened
 */
export async function seedWallet(target: Target): Promise<boolean> {
  const account = { name: 'Demo customer', reference: DEMO_CUSTOMER, initial_balance: DEMO_BALANCE };
  const response = await send(target, 'POST', '/accounts', account);
  if (response.ok) return true;
  const answer = await response.text();
  if (response.status === 409 && answer.includes('REFERENCE_TAKEN')) return false;
  throw new Failure(`POST /accounts returned ${response.status}: ${answer}`);
}

/**
 * Adds the demo products that don't exist yet; existing ones keep their stock and price.
 * @returns how many were added
 */
async function seedProducts(target: Target): Promise<number> {
  const existingIds = await existingProducts(target);
  const missing = readDemoProducts().filter(({ productID }) => !existingIds.has(productID));
  for (const { productID, ...product } of missing) {
    const path = `/products/${encodeURIComponent(productID)}`;
    const response = await send(target, 'PUT', path, product);
    if (!response.ok) throw new Failure(`PUT ${path} returned ${response.status}: ${await response.text()}`);
  }
  return missing.length;
}

function send({ url, adminApiKey }: Target, method: string, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...adminHeaders(adminApiKey) };
  return fetch(url + path, { method, headers, body: JSON.stringify(body) });
}

function readDemoProducts(): Product[] {
  return JSON.parse(readFileSync(join(ROOT, 'deploy/seed/products.json'), 'utf8')) as Product[];
}

async function existingProducts({ url, adminApiKey }: Target): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const response = await fetch(`${url}/products?limit=${PAGE_SIZE}${cursor}`, { headers: adminHeaders(adminApiKey) });
    if (!response.ok) throw new Failure(`GET /products returned ${response.status}: ${await response.text()}`);
    const { items, next } = (await response.json()) as { items: Product[]; next: string | null };
    for (const { productID } of items) ids.add(productID);
    if (next === null) break;
    cursor = `&after=${encodeURIComponent(next)}`;
  }
  return ids;
}
