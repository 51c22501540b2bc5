import { checkoutJobsQueue, deadLetterQueue } from '@souk/contracts';
import { createInventoryClient } from '@souk/grpc';
import { eventually } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenPromises, waitUntilAllOrdersEnd } from '../test/books';
import { connectBroker } from '../test/engine-clients';
import { finalOrder, type Send } from '../test/shop-client';
import { startSouk, type SoukSystem } from '../test/souk-system';

const MINUTE_MS = 60_000;
const RESERVATION_TTL_S = 3;
const HEALTHY = {
  SIMULATED_PAYMENT_FAILURE_RATE: '0',
  SIMULATED_PAYMENT_LATE_RATE: '0',
  SIMULATED_PAYMENT_LATENCY_MS: '0',
  PAYMENT_TIMEOUT_MS: '1000',
};

let souk: SoukSystem;
let send: Send;
const stockSet = new Map<string, number>();
let clientID: string;
let productID: string;

beforeAll(async () => {
  const settings = {
    PAYMENT_PROVIDER: 'simulated',
    ORDER_RECHECK: '2',
    RESERVATION_TTL: String(RESERVATION_TTL_S),
    SIMULATED_PAYMENT_DECLINE_ABOVE: '100.00',
    ...HEALTHY,
  };
  souk = await startSouk(settings);
  send = souk.send;
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

beforeEach(async () => {
  clientID = `customer-${randomUUID()}`;
  productID = `product-${randomUUID()}`;
  await putProduct(10);
});

afterEach(async () => {
  await souk.configure(HEALTHY);
  await waitUntilAllOrdersEnd(souk);
  expect(await brokenPromises(souk, stockSet)).toEqual([]);
}, 3 * MINUTE_MS);

async function putProduct(quantity: number): Promise<void> {
  expect(
    (await send('PUT', `/products/${productID}`, { productName: 'A lamp', quantity, unitPrice: '10.00' })).status,
  ).toBe(200);
  stockSet.set(productID, quantity);
}

const add = (quantity: number) => send('POST', '/addToCart', { clientID, productID, quantity });
const pay = (prefer = 'wait=30') => send('POST', '/checkOutCart', { clientID }, { prefer });
const readCart = async () => (await send('GET', `/cart/${clientID}`)).body['items'];

/** Places an order without waiting until it settles. @returns its id */
async function placeOrder(): Promise<string> {
  const { status, body, headers } = await pay('respond-async');
  expect([status, body['status'], headers.get('location')]).toEqual([
    202,
    'processing',
    `/orders/${String(body['orderID'])}`,
  ]);
  return String(body['orderID']);
}

const readPayment = (orderID: string) => souk.redis.hgetall(`payment:${orderID}`);

/** Waits until an order's reservation has expired. */
const waitUntilReservationExpires = (orderID: string) =>
  eventually(async () => {
    const unexpired = await souk.rows(
      'SELECT 1 FROM inventory.reserve_purchase WHERE reserve_id = ? AND expires_at > NOW(3)',
      [orderID],
    );
    expect(unexpired).toEqual([]);
  });

const waitUntilReserved = (orderID: string) =>
  eventually(async () =>
    expect(await souk.rows('SELECT 1 FROM inventory.reserve_purchase WHERE reserve_id = ?', [orderID])).toHaveLength(1),
  );

test('insufficient stock: the order fails, every line without enough stock is reported, and the cart is restored', async () => {
  await add(8);
  await putProduct(3);
  const { status, body } = await pay();
  expect([status, body]).toEqual([
    409,
    {
      status: 'failed',
      error: expect.any(String),
      code: 'INSUFFICIENT_STOCK',
      orderID: expect.any(String),
      items: [{ productID, requested: 8, available: 3 }],
    },
  ]);
  expect(await readCart()).toMatchObject([{ productID, quantity: 8 }]);
  expect(await finalOrder(send, String(body['orderID']))).toMatchObject({
    status: 'failed',
    code: 'INSUFFICIENT_STOCK',
    total: '80.00',
  });
});

test('an order and its reservation record the actor', async () => {
  await add(1);
  const orderID = String((await pay()).body['orderID']);
  const [row] = await souk.rows(
    'SELECT o.actor AS ordered, r.actor AS reserved FROM cart.orders o JOIN inventory.reservation r ON r.reserve_id = o.order_id WHERE o.order_id = ?',
    [orderID],
  );
  expect(row).toEqual({ ordered: clientID, reserved: clientID });
});

test('payment declined: 402, the reservation is rolled back, and the cart is restored', async () => {
  const palaceID = `product-${randomUUID()}`;
  await send('PUT', `/products/${palaceID}`, { productName: 'A palace', quantity: 1, unitPrice: 100.01 });
  stockSet.set(palaceID, 1);
  await send('POST', '/addToCart', { clientID, productID: palaceID, quantity: 1 });
  const { status, body } = await pay();
  expect([status, body]).toEqual([
    402,
    {
      status: 'failed',
      error: expect.any(String),
      code: 'PAYMENT_DECLINED',
      reason: 'INSUFFICIENT_FUNDS',
      orderID: expect.any(String),
    },
  ]);
  expect(await readCart()).toMatchObject([{ productID: palaceID, quantity: 1 }]);
  expect((await send('GET', `/products/${palaceID}`)).body['quantity']).toBe(1);
});

test(
  'the worker dies at any point: the job is redelivered and has the same ids, the same outcome and one charge',
  async () => {
    await souk.configure({ SIMULATED_PAYMENT_LATENCY_MS: '200' });
    for (const pauseMs of [0, 50, 150, 250, 400]) {
      await add(1);
      const orderID = await placeOrder();
      await delay(pauseMs);
      await souk.kill('checkout-worker');
      expect(await finalOrder(send, orderID)).toMatchObject({ status: 'completed' });
      expect(await readPayment(orderID)).toMatchObject({ state: 'charged', charges: '1', amount: '1000' });
    }
  },
  3 * MINUTE_MS,
);

test(
  'wallet down for less than the reservation lasts: the order waits, and completes once the wallet is back',
  async () => {
    await add(1);
    await souk.configure({ SIMULATED_PAYMENT_FAILURE_RATE: '1', RESERVATION_TTL: '600' });
    const orderID = await placeOrder();
    await waitUntilReserved(orderID);
    expect((await send('GET', `/orders/${orderID}`)).body['status']).toBe('processing');
    await souk.configure(HEALTHY);
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'completed' });
    await souk.configure({ RESERVATION_TTL: String(RESERVATION_TTL_S) });
  },
  2 * MINUTE_MS,
);

test(
  'inventory down: the order waits, and completes once the inventory is back',
  async () => {
    await add(1);
    await souk.configure({ SIMULATED_PAYMENT_LATENCY_MS: '500' });
    const orderID = await placeOrder();
    await souk.kill('inventory-manager');
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'completed' });
  },
  2 * MINUTE_MS,
);

test(
  'wallet down for longer: rolled back at once, still processing until the cancellation is confirmed, then failed',
  async () => {
    await add(2);
    await souk.configure({ SIMULATED_PAYMENT_FAILURE_RATE: '1' });
    const orderID = await placeOrder();
    await eventually(async () => {
      const [reservation] = await souk.rows<{ outcome: string }>(
        'SELECT outcome FROM inventory.reservation_outcome WHERE reserve_id = ?',
        [orderID],
      );
      expect(reservation?.outcome).toBe('rolled_back');
    }, 30_000);
    expect((await send('GET', `/orders/${orderID}`)).body['status']).toBe('processing');
    await souk.configure(HEALTHY);
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'failed', code: 'RESERVATION_EXPIRED' });
    expect(await readPayment(orderID)).toEqual({ state: 'cancelled' });
    expect(await readCart()).toMatchObject([{ productID, quantity: 2 }]);
  },
  2 * MINUTE_MS,
);

test(
  'reservation expired before the charge: rolled back, payment cancelled, order failed, cart restored',
  async () => {
    await add(2);
    // Longer than it takes to freeze the worker on a slow machine.
    await souk.configure({ SIMULATED_PAYMENT_LATENCY_MS: '10000', PAYMENT_TIMEOUT_MS: '15000' });
    const orderID = await placeOrder();
    await waitUntilReserved(orderID);
    await souk.freeze('checkout-worker');
    await waitUntilReservationExpires(orderID);
    expect(await readPayment(orderID)).toEqual({});
    await souk.kill('checkout-worker');
    await souk.configure(HEALTHY);
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'failed', code: 'RESERVATION_EXPIRED' });
    expect(await readPayment(orderID)).toEqual({ state: 'cancelled' });
    expect(await readCart()).toMatchObject([{ productID, quantity: 2 }]);
  },
  2 * MINUTE_MS,
);

/** Places an order that is charged, and freezes its worker until the reservation has expired. @returns its id */
async function placeChargedAndExpiredOrder(): Promise<string> {
  await souk.configure({ SIMULATED_PAYMENT_LATE_RATE: '1' });
  const orderID = await placeOrder();
  await eventually(async () => expect(await readPayment(orderID)).toMatchObject({ state: 'charged' }));
  await souk.freeze('checkout-worker');
  await waitUntilReservationExpires(orderID);
  return orderID;
}

test(
  'reservation expired after the charge, and the stock suffices: reserved again, order completed',
  async () => {
    await add(2);
    const orderID = await placeChargedAndExpiredOrder();
    await souk.thaw('checkout-worker');
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'completed' });
    expect(await readPayment(orderID)).toMatchObject({ state: 'charged', charges: '1' });
  },
  2 * MINUTE_MS,
);

test(
  'reservation expired after the charge, and another customer bought the stock: reservation ended, charge refunded, order failed',
  async () => {
    await add(6);
    const orderID = await placeChargedAndExpiredOrder();
    const inventory = createInventoryClient({ ...souk.inventory, deadlineMs: 5_000 });
    const rival = `rival-${randomUUID()}`;
    const { results } = await inventory.reserveItems({
      reservations: [{ reserveId: rival, items: [{ productId: productID, quantity: 5 }] }],
    });
    expect(results[0]!.state).toBe('RESERVATION_STATE_RESERVED');
    await inventory.commitReservations({ reserveIds: [rival] });
    inventory.close();
    stockSet.set(productID, 5);

    await souk.thaw('checkout-worker');
    expect(await finalOrder(send, orderID)).toMatchObject({ status: 'failed', code: 'RESERVATION_EXPIRED' });
    expect(await readPayment(orderID)).toMatchObject({ state: 'refunded', charges: '1', refunds: '1' });
    expect(await readCart()).toMatchObject([{ productID, quantity: 6 }]);
  },
  2 * MINUTE_MS,
);

test(
  'poison message: it becomes a dead letter at once, with its reason, and affects no other job',
  async () => {
    const connection = await connectBroker(souk.urls.rabbitmq);
    const channel = await connection.createChannel();
    channel.sendToQueue(checkoutJobsQueue.name, Buffer.from('{"type":"run-checkout"}'), { persistent: true });
    await add(1);
    expect((await pay()).status).toBe(200);
    const letter = await eventually(async () => {
      const message = await channel.get(deadLetterQueue(checkoutJobsQueue.name), { noAck: true });
      if (!message) throw new Error('no dead letter yet');
      return message;
    });
    expect(String(letter.properties.headers?.['x-reason'])).toMatch(/envelope/);
    await connection.close();
  },
  MINUTE_MS,
);
