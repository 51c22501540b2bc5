// @ts-check
import { readFileSync } from 'node:fs';
import { Failure } from '../console/failure.mjs';

const PAGE_SIZE = 500;
const PAGES_MAX = 1000;

/** @typedef {{ productID: string, productName: string, quantity: number, unitPrice: string }} Product */

/**
 * Puts the demo products that don't exist yet into the shop through its own API; what exists keeps its stock and price.
 *
 * @param {{ url: string, adminApiKey?: string | undefined }} target
 * @returns {Promise<number>} how many were added
 */
export async function seedProducts({ url, adminApiKey }) {
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
