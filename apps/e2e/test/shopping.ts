import { createCartApiClient, type CartApi } from '@souk/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SoukSystem } from './souk-system';
import { openWallets } from './wallets';

interface Shoppers {
  /** How often each status was returned, including those of retried requests; 0 stands for a broken connection. */
  statuses: ReadonlyMap<number, number>;
  /** Lets all customers finish their current turn. @returns the confirmed adds, by client and product */
  stop(): Promise<Map<string, number>>;
}

/** Retries for long enough that a whole system can come back. */
const PATIENT_RETRY = { attemptsMax: 600, initialMs: 50, maxMs: 200 };

/** The first customer's balance, so that some payments are declined. */
const SMALL_BALANCE = '100.00';

/**
 * Lets customers shop until they are stopped. Each has a wallet and uses the client that front ends use, which retries each call
 * until its outcome is known.
 * @param options `pauseMs`: the pause between a customer's turns, so that the machine has time for other work
 */
export async function startShopping(
  souk: SoukSystem,
  customers: number,
  productIDs: readonly string[],
  { pauseMs = 0 }: { pauseMs?: number } = {},
): Promise<Shoppers> {
  const clientIDs = Array.from({ length: customers }, () => `shopper-${randomUUID()}`);
  await openWallets(souk, clientIDs.slice(0, 1), SMALL_BALANCE);
  await openWallets(souk, clientIDs.slice(1));

  const added = new Map<string, number>();
  const statuses = new Map<number, number>();
  const countStatus = (status: number) => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  let isStopped = false;

  const api = createCartApiClient({
    url: souk.url,
    apiKey: souk.adminKey,
    retry: PATIENT_RETRY,
    fetch: async (url, init) => {
      const response = await fetch(url, init).catch((error: unknown) => {
        countStatus(0);
        throw error;
      });
      countStatus(response.status);
      return response;
    },
  });

  const shop = async (clientID: string) => {
    for (let turn = 0; !isStopped; turn++) {
      const productID = productIDs[turn % productIDs.length]!;
      const add = await api.addToCart({ clientID, productID, quantity: 1 }, { idempotencyKey: `add-${turn}` });
      if (add.ok) added.set(`${clientID} ${productID}`, (added.get(`${clientID} ${productID}`) ?? 0) + 1);
      if (turn % 3 === 2) await pay(api, clientID, `pay-${turn}`);
      if (pauseMs > 0) await delay(pauseMs);
    }
  };
  const shopping = Promise.all(clientIDs.map(shop));

  return {
    statuses,
    stop: async () => {
      isStopped = true;
      await shopping;
      return added;
    },
  };
}

/** Checks out, and follows the order to its end if it isn't settled at once. */
async function pay(api: CartApi, clientID: string, idempotencyKey: string): Promise<void> {
  const paid = await api.checkOutCart({ clientID }, { idempotencyKey });
  if (!paid.ok || paid.body.status !== 'processing') return;
  for await (const order of api.orderEvents({ orderID: paid.body.orderID })) void order;
}

/** The statuses allowed while parts of the system are down: each reports the outcome, or that it isn't known yet. */
const ALLOWED_STATUSES: readonly number[] = [0, 200, 202, 402, 409, 429, 503, 504];

/**
 * Compares the replies that shoppers got with the books. Call it once every order has ended.
 * @returns a description of every difference
 */
export async function wrongReplies(
  souk: SoukSystem,
  added: ReadonlyMap<string, number>,
  statuses: ReadonlyMap<number, number>,
): Promise<string[]> {
  const broken = [...statuses.keys()]
    .filter((status) => !ALLOWED_STATUSES.includes(status))
    .map((status) => `a request returned ${status}`);
  for (const [key, count] of added) {
    const [clientID, productID] = key.split(' ');
    const [row] = await souk.rows<{ in_cart: string | null; bought: string | null }>(
      `SELECT (SELECT SUM(quantity) FROM cart.client_cart WHERE client_id = ? AND product_id = ?) AS in_cart,
              (SELECT SUM(i.quantity) FROM cart.order_item i JOIN cart.orders o USING (order_id)
                WHERE o.client_id = ? AND i.product_id = ? AND o.status = 'completed') AS bought`,
      [clientID, productID, clientID, productID],
    );
    const actual = Number(row!.in_cart ?? 0) + Number(row!.bought ?? 0);
    if (actual !== count) broken.push(`${key}: ${count} adds were confirmed, but ${actual} exist`);
  }
  return broken;
}
