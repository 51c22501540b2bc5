import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { startTestInventory, type TestInventory } from '../test/start-test-inventory';

let database: TestDatabase;
let inventory: TestInventory;
/** A replica on the same schema, with the sweep on and long-lived reservations. */
let sweeping: TestInventory;

beforeAll(async () => {
  database = await createTestDatabase('expiry');
  inventory = await startTestInventory(database.url, { ttlSeconds: 1, isSweepOff: true });
});

afterAll(async () => {
  await inventory.stop();
  await sweeping?.stop();
  await database.drop();
});

const setStock = (productId: string, quantity: number) =>
  inventory.client.upsertProduct({ productId, productName: 'Product', quantity, unitPrice: '1', actor: 'admin' });
const newProduct = async (quantity: number) => {
  const productId = `p-${randomUUID()}`;
  await setStock(productId, quantity);
  return productId;
};
const stockOf = async (productId: string) => {
  const { products } = await inventory.client.listProducts({ productIds: [productId] });
  return [products[0]!.onHand, products[0]!.reserved, products[0]!.available];
};
const reserve = async (reserveId: string, productId: string, quantity: number) => {
  const reservations = [{ reserveId, items: [{ productId, quantity }] }];
  return (await inventory.client.reserveItems({ reservations })).results[0]!.state.replace('RESERVATION_STATE_', '');
};
const end = async (method: 'commitReservations' | 'rollbackReservations', reserveId: string) =>
  (await inventory.client[method]({ reserveIds: [reserveId] })).results[0]!.state.replace('RESERVATION_STATE_', '');
const commit = (reserveId: string) => end('commitReservations', reserveId);
const rollBack = (reserveId: string) => end('rollbackReservations', reserveId);
const rowsOf = async (reserveId: string) =>
  (await database.rows('SELECT 1 FROM reserve_purchase WHERE reserve_id = ?', [reserveId])).length;

/** Creates a reservation and waits until it has expired by the database's clock. It isn't swept. */
async function createExpired(productId: string, quantity: number): Promise<string> {
  const reserveId = randomUUID();
  expect(await reserve(reserveId, productId, quantity)).toBe('RESERVED');
  await eventually(async () => {
    const liveRows = 'SELECT 1 FROM reserve_purchase WHERE reserve_id = ? AND expires_at > NOW(3)';
    if ((await database.rows(liveRows, [reserveId])).length > 0) throw new Error('still live');
  });
  expect(await rowsOf(reserveId)).toBe(1);
  return reserveId;
}

describe('an expired reservation, without a sweep', () => {
  it('no longer counts and is not revived', async () => {
    const productId = await newProduct(1);
    const expiredId = await createExpired(productId, 1);
    expect(await stockOf(productId)).toEqual([1, 0, 1]);
    expect(await reserve(expiredId, productId, 1)).toBe('EXPIRED');
    expect(await reserve(expiredId, productId, 2)).toBe('ITEMS_MISMATCH');
    expect(await reserve(randomUUID(), productId, 1)).toBe('RESERVED');
    expect(await stockOf(productId)).toEqual([1, 1, 0]);
  });

  it('does not prevent the stock from being set', async () => {
    const productId = await newProduct(3);
    await createExpired(productId, 3);
    await setStock(productId, 0);
    expect(await stockOf(productId)).toEqual([0, 0, 0]);
  });

  it('is committed if the stock covers it', async () => {
    const productId = await newProduct(2);
    const expiredId = await createExpired(productId, 2);
    expect(await commit(expiredId)).toBe('COMMITTED');
    expect(await commit(expiredId)).toBe('COMMITTED');
    expect(await rollBack(expiredId)).toBe('COMMITTED');
    expect(await reserve(expiredId, productId, 2)).toBe('COMMITTED');
    expect(await stockOf(productId)).toEqual([0, 0, 0]);
    expect(await rowsOf(expiredId)).toBe(0);
  });

  it('is rolled back by a commit that the stock does not cover', async () => {
    const productId = await newProduct(2);
    const expiredId = await createExpired(productId, 2);
    const newerId = randomUUID();
    expect(await reserve(newerId, productId, 1)).toBe('RESERVED');
    expect(await commit(expiredId)).toBe('ROLLED_BACK');
    expect(await rollBack(newerId)).toBe('ROLLED_BACK');
    // There is enough stock again, but an ended reservation stays ended.
    expect(await commit(expiredId)).toBe('ROLLED_BACK');
    expect(await reserve(expiredId, productId, 2)).toBe('ROLLED_BACK');
    expect(await stockOf(productId)).toEqual([2, 0, 2]);
  });

  it('is ended by a rollback', async () => {
    const productId = await newProduct(2);
    const expiredId = await createExpired(productId, 2);
    expect(await rollBack(expiredId)).toBe('ROLLED_BACK');
    expect(await commit(expiredId)).toBe('ROLLED_BACK');
    expect(await stockOf(productId)).toEqual([2, 0, 2]);
  });
});

describe('the sweep', () => {
  it('removes expired rows, keeps live ones, and changes no answer', async () => {
    const productId = await newProduct(700);
    const many = Array.from({ length: 600 }, () => ({ reserveId: randomUUID(), items: [{ productId, quantity: 1 }] }));
    await inventory.client.reserveItems({ reservations: many });
    const expiredId = await createExpired(productId, 3);
    const [first, second] = await Promise.all([
      startTestInventory(database.url, { ttlSeconds: 600 }),
      startTestInventory(database.url, { ttlSeconds: 600 }),
    ]);
    sweeping = first;
    const liveId = randomUUID();
    await sweeping.client.reserveItems({ reservations: [{ reserveId: liveId, items: [{ productId, quantity: 5 }] }] });
    await eventually(async () => {
      const rows = await database.rows('SELECT reserve_id FROM reserve_purchase WHERE product_id = ?', [productId]);
      expect(rows).toEqual([{ reserve_id: liveId }]);
    });
    await second.stop();
    expect(await reserve(expiredId, productId, 3)).toBe('EXPIRED');
    expect(await stockOf(productId)).toEqual([700, 5, 695]);
    expect(await commit(expiredId)).toBe('COMMITTED');
    expect(await commit(many[0]!.reserveId)).toBe('COMMITTED');
    expect(await stockOf(productId)).toEqual([696, 5, 691]);
  });
});
