import { createCartApiClient } from '@souk/client';
import { checkoutJobsQueue, deadLetterQueue } from '@souk/contracts';
import { eventually } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import { connectBroker } from '../test/engine-clients';
import { finalOrder, type Send } from '../test/shop-client';
import { startShopping, wrongReplies } from '../test/shopping';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { balanceOf, MERCHANT, openWallets, paymentState } from '../test/wallets';

const MINUTE_MS = 60_000;
const SHORT_TTL_S = '3';
const LONG_TTL_S = '600';

let souk: SoukSystem;
let send: Send;
const stockSet = new Map<string, number>();
let clientID: string;
let productID: string;

beforeAll(async () => {
  souk = await startSouk({ ORDER_RECHECK: '2', RESERVATION_TTL: LONG_TTL_S, PAYMENT_TIMEOUT_MS: '1000' });
  send = souk.send;
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

beforeEach(async () => {
  clientID = `customer-${randomUUID()}`;
  productID = `product-${randomUUID()}`;
  await putProduct(productID, 1_000_000);
});

afterEach(async () => {
  await waitUntilAllOrdersEnd(souk);
  expect(await brokenPromises(souk, stockSet)).toEqual([]);
}, 3 * MINUTE_MS);

async function putProduct(id: string, quantity: number): Promise<void> {
  const answer = await send('PUT', `/products/${id}`, { productName: 'A lamp', quantity, unitPrice: '12.50' });
  expect(answer.status).toBe(200);
  stockSet.set(id, quantity);
}

const add = (quantity: number) => send('POST', '/addToCart', { clientID, productID, quantity });
const pay = (prefer = 'wait=30') => send('POST', '/checkOutCart', { clientID }, { prefer });
const readCart = async () => (await send('GET', `/cart/${clientID}`)).body['items'];
const merchantBalance = async () => Number(await balanceOf(souk, MERCHANT));

test("a checkout moves its total from the customer's wallet to the shop's", async () => {
  await openWallets(souk, [clientID], '100.00');
  const before = await merchantBalance();
  await add(2);
  const { status, body } = await pay();
  expect([status, body]).toEqual([200, expect.objectContaining({ status: 'success', total: '25.00' })]);
  expect(await balanceOf(souk, clientID)).toBe('75.00');
  expect(await merchantBalance()).toBe(before + 25);
  const [payment] = await souk.rows('SELECT state, actor FROM wallet.payment WHERE payment_id = ?', [body['orderID']]);
  expect(payment).toEqual({ state: 'charged', actor: clientID });
});

test('a wallet can be spent to its last cent, but not beyond: 402, the cart is restored, and no money moves', async () => {
  await openWallets(souk, [clientID], '37.50');
  await add(2);
  expect((await pay()).status).toBe(200);
  await add(2);
  const before = await merchantBalance();
  const { status, body } = await pay();
  expect([status, body]).toEqual([402, expect.objectContaining({ status: 'failed', code: 'PAYMENT_DECLINED' })]);
  expect(await readCart()).toMatchObject([{ productID, quantity: 2 }]);
  expect([await balanceOf(souk, clientID), await merchantBalance()]).toEqual(['12.50', before]);
  await send('PUT', `/cart/${clientID}/items/${productID}`, { quantity: 1 });
  expect((await pay()).status).toBe(200);
  expect(await balanceOf(souk, clientID)).toBe('0.00');
});

test('a customer without a wallet is declined like a customer with too little money', async () => {
  await add(1);
  const { status, body } = await pay();
  expect([status, body]).toEqual([
    402,
    {
      status: 'failed',
      error: expect.any(String),
      code: 'PAYMENT_DECLINED',
      reason: 'NO_WALLET',
      orderID: expect.any(String),
    },
  ]);
  expect(await readCart()).toMatchObject([{ productID, quantity: 1 }]);
  expect(await finalOrder(send, String(body['orderID']))).toMatchObject({ status: 'failed', code: 'PAYMENT_DECLINED' });
});

/** Counts orders that are charged but not settled. While the wallet is frozen, these are the orders whose charge got no reply. */
async function countChargedOpenOrders(): Promise<number> {
  const [row] = await souk.rows<{ count: number }>(
    `SELECT COUNT(*) AS count FROM cart.orders o JOIN wallet.payment p ON p.payment_id = o.order_id
      WHERE o.status = 'processing' AND p.state = 'charged'`,
  );
  return row!.count;
}

/** Counts orders that the wallet declined, whether the customer learned it from the reply or by asking later. */
async function countDeclinedOrders(): Promise<number> {
  const [row] = await souk.rows<{ count: number }>(
    "SELECT COUNT(*) AS count FROM cart.orders WHERE client_id LIKE 'shopper-%' AND code = 'PAYMENT_DECLINED'",
  );
  return row!.count;
}

/** Lets customers shop during `disturb`, and then until payments have been both charged and declined. */
async function whileShopping(disturb: () => Promise<void>): Promise<void> {
  const freeProductID = `free-${randomUUID()}`;
  await putProduct(freeProductID, 1_000_000);
  const declinedBefore = await countDeclinedOrders();
  const shoppers = await startShopping(souk, 16, [productID, freeProductID]);
  await disturb();
  await eventually(async () => {
    expect(shoppers.statuses.get(200)).toBeGreaterThan(100);
    expect(await countDeclinedOrders()).toBeGreaterThan(declinedBefore);
  }, MINUTE_MS);
  const added = await shoppers.stop();
  await waitUntilAllOrdersEnd(souk);
  expect(await wrongReplies(souk, added, shoppers.statuses)).toEqual([]);
}

const KILLS = 6;
const KILLS_AFTER_CHARGE = 2;
const TRIES_MAX = 100;
/** Longer than an order takes to complete after the wallet's reply, shorter than the wait for that reply. */
const FREEZE_MS = 600;

/**
 * Kills the wallet between a charge and its reply: freezes it at various moments until it has charged an order without
 * replying.
 */
async function killBetweenChargeAndReply(): Promise<void> {
  for (let moment = 0; moment < TRIES_MAX; moment++) {
    await delay(7 * (moment % 20));
    await souk.freeze('wallet-api');
    await delay(FREEZE_MS);
    const isCharged = (await countChargedOpenOrders()) > 0;
    await (isCharged ? souk.kill('wallet-api') : souk.thaw('wallet-api'));
    if (isCharged) return souk.healthy();
  }
  throw new Error('the wallet was never killed between a charge and its reply');
}

test(
  'the wallet is killed at many moments, including between a charge and its reply: orders and ledger agree',
  async () => {
    await whileShopping(async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await delay(37 * kill);
        await souk.kill('wallet-api');
        await souk.healthy();
      }
      for (let kill = 0; kill < KILLS_AFTER_CHARGE; kill++) await killBetweenChargeAndReply();
    });
  },
  8 * MINUTE_MS,
);

test(
  'the worker is killed at many moments: each order is charged once or not at all',
  async () => {
    await whileShopping(async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await delay(61 * kill);
        await souk.kill('checkout-worker');
        await souk.healthy();
      }
    });
  },
  4 * MINUTE_MS,
);

/** Freezes the wallet, places an order and waits until its stock is reserved. @returns the order's id */
async function placeOrderWithoutWallet(): Promise<string> {
  await openWallets(souk, [clientID], '100.00');
  await add(2);
  await souk.freeze('wallet-api');
  const { status, body } = await pay('respond-async');
  expect(status).toBe(202);
  const orderID = String(body['orderID']);
  await eventually(async () =>
    expect(await souk.rows('SELECT 1 FROM inventory.reserve_purchase WHERE reserve_id = ?', [orderID])).toHaveLength(1),
  );
  return orderID;
}

test(
  'wallet down for less than the reservation lasts: the order waits, and completes once the wallet is back',
  async () => {
    const orderID = await placeOrderWithoutWallet();
    expect((await send('GET', `/orders/${orderID}`)).body['status']).toBe('processing');
    await souk.thaw('wallet-api');
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'completed' });
    expect(await balanceOf(souk, clientID)).toBe('75.00');
  },
  2 * MINUTE_MS,
);

test(
  'wallet down for longer: rolled back, still processing until the cancellation is confirmed, then failed and never charged',
  async () => {
    await souk.configure({ RESERVATION_TTL: SHORT_TTL_S });
    const orderID = await placeOrderWithoutWallet();
    await eventually(async () => {
      const [reservation] = await souk.rows<{ outcome: string }>(
        'SELECT outcome FROM inventory.reservation_outcome WHERE reserve_id = ?',
        [orderID],
      );
      expect(reservation?.outcome).toBe('rolled_back');
    }, 30_000);
    expect((await send('GET', `/orders/${orderID}`)).body['status']).toBe('processing');
    await souk.kill('wallet-api');
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'failed', code: 'RESERVATION_EXPIRED' });
    expect([await paymentState(souk, orderID), await balanceOf(souk, clientID)]).toEqual(['cancelled', '100.00']);
    expect(await readCart()).toMatchObject([{ productID, quantity: 2 }]);
  },
  2 * MINUTE_MS,
);

/** Removes the dead letters of checkouts. @returns their reasons */
async function takeDeadCheckouts(): Promise<string[]> {
  const connection = await connectBroker(souk.urls.rabbitmq);
  const channel = await connection.createChannel();
  const reasons: string[] = [];
  for (;;) {
    const letter = await channel.get(deadLetterQueue(checkoutJobsQueue.name), { noAck: true });
    if (!letter) break;
    reasons.push(String(letter.properties.headers?.['x-reason']));
  }
  await connection.close();
  return reasons;
}

/** Puts the cart schema into the state of a backup from before the checkout. */
async function restoreCarts(orderID: string): Promise<void> {
  for (const table of ['orders', 'order_item'])
    await souk.rows(`DELETE FROM cart.${table} WHERE order_id = ?`, [orderID]);
  await souk.rows('DELETE FROM cart.inbox WHERE message_id = ?', [orderID]);
  await souk.rows('DELETE FROM cart.outbox WHERE content LIKE ?', [`%${orderID}%`]);
  await souk.rows('INSERT INTO cart.client_cart VALUES (?, ?, 2)', [clientID, productID]);
}

test(
  'an order missing from a restored backup is never charged: its job becomes a dead letter with the reason, and the books agree',
  async () => {
    await openWallets(souk, [clientID], '100.00');
    await add(2);
    await souk.freeze('checkout-worker');
    const orderID = String((await pay('respond-async')).body['orderID']);
    await restoreCarts(orderID);
    await souk.thaw('checkout-worker');
    const reason = `order ${orderID} doesn't exist; nothing was charged, it holds no stock`;
    await eventually(async () => expect(await takeDeadCheckouts()).toContain(reason), 30_000);
    expect([await paymentState(souk, orderID), await balanceOf(souk, clientID)]).toEqual(['cancelled', '100.00']);
    expect((await send('GET', `/products/${productID}`)).body['quantity']).toBe(1_000_000);
    expect((await send('GET', `/orders/${orderID}`)).status).toBe(404);
    expect(await souk.audit()).toEqual([]);
    // The customer can still buy the contents of the restored cart.
    expect((await pay()).status).toBe(200);
    expect(await balanceOf(souk, clientID)).toBe('75.00');
  },
  2 * MINUTE_MS,
);

const cancel = (orderID: string, prefer = 'wait=30') =>
  send('POST', `/orders/${orderID}/cancel`, undefined, { prefer });

/** Reads the events of an order's stream to its end. */
async function eventsOf(orderID: string): Promise<string[]> {
  const events: string[] = [];
  for await (const { status, code } of createCartApiClient({ url: souk.url, apiKey: souk.adminKey }).orderEvents({
    orderID,
  }))
    events.push(`${status} ${code}`.trim());
  return events;
}

test(
  'an order cancelled while the wallet is down frees its stock at once, fails as cancelled once the wallet is back, and costs nothing',
  async () => {
    const orderID = await placeOrderWithoutWallet();
    const events = eventsOf(orderID);
    const first = await cancel(orderID, 'respond-async');
    expect([first.status, first.body, first.headers.get('location')]).toEqual([
      202,
      { status: 'processing', error: '', orderID },
      `/orders/${orderID}`,
    ]);
    await eventually(async () =>
      expect((await send('GET', `/products/${productID}`)).body['quantity']).toBe(1_000_000),
    );
    const second = cancel(orderID);
    await souk.thaw('wallet-api');
    const order = await finalOrder(send, orderID);
    expect(order).toMatchObject({ status: 'failed', code: 'CANCELLED', total: '25.00' });
    expect(await second).toMatchObject({ status: 200, body: order });
    expect(await cancel(orderID)).toMatchObject({ status: 200, body: order });
    expect(await events).toEqual(['processing', 'failed CANCELLED']);
    expect(await readCart()).toEqual([expect.objectContaining({ productID, quantity: 2 })]);
    expect(['cancelled', 'refunded']).toContain(await paymentState(souk, orderID));
    expect(await balanceOf(souk, clientID)).toBe('100.00');
  },
  2 * MINUTE_MS,
);

test(
  'an order for 0.00 can be cancelled, but a completed order cannot',
  async () => {
    productID = `free-${randomUUID()}`;
    await send('PUT', `/products/${productID}`, { productName: 'A flyer', quantity: 10, unitPrice: '0.00' });
    stockSet.set(productID, 10);
    await add(3);
    await souk.freeze('checkout-worker');
    const orderID = String((await pay('respond-async')).body['orderID']);
    const cancelled = cancel(orderID);
    await eventually(async () =>
      expect(
        await souk.rows('SELECT 1 FROM cart.orders WHERE order_id = ? AND cancel_requested_at IS NOT NULL', [orderID]),
      ).toHaveLength(1),
    );
    await souk.thaw('checkout-worker');
    expect(await cancelled).toMatchObject({ status: 200, body: { orderID, status: 'failed', code: 'CANCELLED' } });
    const { status, body } = await pay();
    expect([status, body['total']]).toEqual([200, '0.00']);
    expect(await cancel(String(body['orderID']))).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ENDED', orderID: body['orderID'] },
    });
    expect(await cancel('no-such-order')).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
  },
  2 * MINUTE_MS,
);

const RACES_AT_ONCE = 8;
const RACES_MIN = 10;
const RACES_MAX = 60;

/** Cancels an order some time after its checkout and compares all replies. @returns how the order ended */
async function raceToCancel(pauseMs: number): Promise<string> {
  const client = `racer-${randomUUID()}`;
  await openWallets(souk, [client], '25.00');
  await send('POST', '/addToCart', { clientID: client, productID, quantity: 2 });
  const accepted = await send('POST', '/checkOutCart', { clientID: client }, { prefer: 'respond-async' });
  const orderID = String(accepted.body['orderID']);
  await delay(pauseMs);
  const replies = await Promise.all([cancel(orderID), cancel(orderID)]);
  const order = await finalOrder(send, orderID);
  const isCompleted = order['status'] === 'completed';
  expect(replies.map(({ status }) => status)).toEqual(isCompleted ? [409, 409] : [200, 200]);
  expect(order['code']).toBe(isCompleted ? '' : 'CANCELLED');
  expect(await balanceOf(souk, client)).toBe(isCompleted ? '0.00' : '25.00');
  const { body } = await send('GET', `/cart/${client}`);
  expect(body['items']).toEqual(isCompleted ? [] : [expect.objectContaining({ productID, quantity: 2 })]);
  return isCompleted ? 'completed' : 'cancelled';
}

test(
  'an order that is cancelled while it completes ends one way, and all replies and the books agree',
  async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < RACES_MAX && (round < RACES_MIN || outcomes.size < 2); round++) {
      const races = Array.from({ length: RACES_AT_ONCE }, (_, index) => raceToCancel(index * (round % 5)));
      for (const outcome of await Promise.all(races)) outcomes.add(outcome);
    }
    expect([...outcomes].sort()).toEqual(['cancelled', 'completed']);
    await waitUntilAllOrdersEnd(souk);
    expect(await souk.audit()).toEqual([]);
  },
  4 * MINUTE_MS,
);
