// @ts-check
import { readFileSync } from 'node:fs';
import { Failure } from '../console/failure.mjs';
import { cartApiUrl, walletApiUrl } from '../settings/addresses.mjs';
import { DEMO_BALANCE, DEMO_CUSTOMER } from './demo.mjs';

const PAGE_SIZE = 500;
const PAGES_MAX = 1000;

/** @typedef {{ productID: string, productName: string, quantity: number, unitPrice: string }} Product */

/**
 * Fills a shop with demo data: products, and a customer who can pay for them. Existing data stays unchanged.
 *
 * @param {import('../settings/settings.mjs').Settings} settings
 * @returns {Promise<string[]>} what was done, as text
 */
export async function seed(settings) {
  const adminApiKey = settings.values.ADMIN_API_KEY;
  const count = await seedProducts({ url: cartApiUrl(settings), adminApiKey });
  const isNew = await seedWallet({ url: walletApiUrl(settings), adminApiKey });
  return [
    count === 0 ? 'The products are there already.' : `Seeded ${count} products.`,
    isNew ? `Opened a wallet with ${DEMO_BALANCE} USD for ${DEMO_CUSTOMER}.` : `${DEMO_CUSTOMER} has a wallet already.`,
  ];
}

/**
 * Opens a wallet with money for the demo customer if there is none.
 *
 * @param {{ url: string, adminApiKey?: string | undefined }} target
 * @returns {Promise<boolean>} whether it was opened
 */
export async function seedWallet({ url, adminApiKey }) {
  const response = await fetch(`${url}/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(adminApiKey ? { 'x-api-key': adminApiKey } : {}) },
    body: JSON.stringify({ name: 'Demo customer', reference: DEMO_CUSTOMER, initial_balance: DEMO_BALANCE }),
  });
  if (response.ok) return true;
  const answer = await response.text();
  if (response.status === 409 && answer.includes('REFERENCE_TAKEN')) return false;
  throw new Failure(`POST /accounts gave ${response.status}: ${answer}`);
}

/**
 * Puts the demo products that don't exist yet into the shop through its own API; what exists keeps its stock and price.
 *
 * @param {{ url: string, adminApiKey?: string | undefined }} target
 * @returns {Promise<number>} how many were added
 */
async function seedProducts({ url, adminApiKey }) {
  const existing = await existingProducts(url);
  const missing = readProducts().filter(({ productID }) => !existing.has(productID));
  for (const { productID, ...product } of missing) {
    const response = await fetch(`${url}/products/${encodeURIComponent(productID)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...(adminApiKey ? { 'x-api-key': adminApiKey } : {}) },
      body: JSON.stringify(product),
    });
    if (!response.ok) throw new Failure(`PUT /products/${productID} gave ${response.status}: ${await response.text()}`);
  }
  return missing.length;
}

/** @returns {Product[]} */
function readProducts() {
  return JSON.parse(readFileSync(new URL('products.json', import.meta.url), 'utf8'));
}

/** @param {string} url */
async function existingProducts(url) {
  /** @type {Set<string>} */
  const ids = new Set();
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const response = await fetch(`${url}/products?limit=${PAGE_SIZE}${after}`);
    if (!response.ok) throw new Failure(`GET /products gave ${response.status}: ${await response.text()}`);
    const { items, next } = /** @type {{ items: Product[], next: string | null }} */ (await response.json());
    for (const { productID } of items) ids.add(productID);
    if (next === null || next === undefined) break;
    after = `&after=${encodeURIComponent(next)}`;
  }
  return ids;
}
