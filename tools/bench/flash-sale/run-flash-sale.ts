import type { Order, OrderList } from '@souk/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, forEach, type Headers } from '../system/requests';
import {
  COMPLETED,
  outcomeOfCheckout,
  outcomeOfOrder,
  summarizeSale,
  type FinalAnswer,
  type FlashSale,
} from './outcome';

const CUSTOMERS = 512;
const STOCK = CUSTOMERS / 2;
/** How long a customer follows an order. Exceeds the time in which Souk settles any order. */
const FOLLOW_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

export interface Shop {
  urls: Record<'cartApi' | 'walletApi', string>;
  headers: Headers;
}

/**
 * Lets all customers check out at once, each on a connection of its own. There is one piece for every second customer.
 * @param name of the product and its customers, which must be new
 * @param settled resolves when no order is processing any more
 */
export async function runFlashSale(shop: Shop, name: string, settled: () => Promise<void>): Promise<FlashSale> {
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `${name}-customer-${index}`);
  await prepare(shop, name, customers);
  const startedAt = performance.now();
  const answers = await Promise.all(
    customers.map(async (clientID): Promise<FinalAnswer> => {
      const outcome = await checkOut(shop, clientID);
      return { outcome, afterMs: performance.now() - startedAt };
    }),
  );
  await settled(); // a customer without an answer may have an order that completes later
  return summarizeSale(STOCK, await countCompletedOrders(shop, customers), answers);
}

/** Puts one piece of the product into every cart. */
async function prepare({ urls, headers }: Shop, productID: string, customers: readonly string[]): Promise<void> {
  await ask(headers, 'PUT', `${urls.cartApi}/products/${productID}`, {
    ...{ productName: productID, quantity: STOCK, unitPrice: '1.00' },
  });
  await forEach(customers, async (clientID) => {
    await ask(headers, 'POST', `${urls.walletApi}/accounts`, { reference: clientID, initial_balance: '1.00' });
    await ask(headers, 'POST', `${urls.cartApi}/addToCart`, { clientID, productID, quantity: 1 });
  });
}

/** @returns the outcome, once it is final */
async function checkOut({ urls, headers }: Shop, clientID: string): Promise<string> {
  try {
    const body = JSON.stringify({ clientID });
    const response = await fetch(`${urls.cartApi}/checkOutCart`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { code?: string; orderID?: string };
    return outcomeOfCheckout(response.status, answer) ?? (await follow(`${urls.cartApi}/orders/${answer.orderID}`));
  } catch (error) {
    return `no answer: ${(error as Error).message}`;
  }
}

async function follow(orderUrl: string): Promise<string> {
  const deadline = performance.now() + FOLLOW_TIMEOUT_MS;
  while (performance.now() < deadline) {
    await delay(POLL_MS);
    const response = await fetch(orderUrl);
    const outcome = response.ok ? outcomeOfOrder((await response.json()) as Order) : undefined;
    if (outcome) return outcome;
  }
  return 'still processing';
}

async function countCompletedOrders({ urls, headers }: Shop, customers: readonly string[]): Promise<number> {
  const lists = await forEach(customers, (clientID) =>
    ask<OrderList>(headers, 'GET', `${urls.cartApi}/orders?clientID=${clientID}`),
  );
  return lists.flatMap(({ items }) => items).filter(({ status }) => status === COMPLETED).length;
}
