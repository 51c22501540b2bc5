import type { InventoryClient } from '@souk/grpc';
import { createTestDatabase, eventually, setTestSession, type TestDatabase } from '@souk/testing';
import mysql, { type Connection } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestInventory, type TestInventory } from '../test/start-test-inventory';

let database: TestDatabase;
let replicaA: TestInventory;
let replicaB: TestInventory;
/** Simulates a replica that stalls halfway: it holds locks until the test ends its transaction. */
let slowReplica: Connection;

beforeAll(async () => {
  database = await createTestDatabase('races');
  [replicaA, replicaB] = await Promise.all([startTestInventory(database.url), startTestInventory(database.url)]);
  slowReplica = await mysql.createConnection(database.url);
  await setTestSession(slowReplica);
  await slowReplica.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});

afterAll(async () => {
  slowReplica.destroy();
  await Promise.all([replicaA.stop(), replicaB.stop()]);
  await database.drop();
});

const newProduct = async (quantity: number, productId = `p-${randomUUID()}`) => {
  await replicaA.client.upsertProduct({ productId, productName: 'Product', quantity, unitPrice: '1', actor: 'admin' });
  return productId;
};
const stockOf = async (productId: string) => {
  const { products } = await replicaB.client.listProducts({ productIds: [productId] });
  return [products[0]!.onHand, products[0]!.reserved, products[0]!.available];
};
const shortStateOf = (state: string) => state.replace('RESERVATION_STATE_', '');
const reserve = async ({ client }: TestInventory, reserveId: string, ...productIds: string[]) => {
  const items = productIds.map((productId) => ({ productId, quantity: 1 }));
  return shortStateOf((await client.reserveItems({ reservations: [{ reserveId, items }] })).results[0]!.state);
};
const commit = async ({ client }: TestInventory, ...reserveIds: string[]) =>
  (await client.commitReservations({ reserveIds })).results.map(({ state }) => shortStateOf(state));
const rollBack = async ({ client }: TestInventory, ...reserveIds: string[]) =>
  (await client.rollbackReservations({ reserveIds })).results.map(({ state }) => shortStateOf(state));

/** Checks the invariants of the tables. */
async function expectConsistent(): Promise<void> {
  const heldAndEnded = await database.rows(
    'SELECT l.reserve_id FROM reserve_purchase l JOIN reservation_outcome o ON o.reserve_id = l.reserve_id',
  );
  expect(heldAndEnded).toEqual([]);
  const oversold = await database.rows(
    `SELECT p.product_id FROM product_details p JOIN reserve_purchase l ON l.product_id = p.product_id
      WHERE l.expires_at > NOW(3) GROUP BY p.product_id, p.quantity HAVING SUM(l.quantity) > p.quantity`,
  );
  expect(oversold).toEqual([]);
  const unknown = await database.rows(
    `SELECT reserve_id FROM (SELECT reserve_id FROM reserve_purchase UNION SELECT reserve_id FROM reservation_outcome) k
      WHERE reserve_id NOT IN (SELECT reserve_id FROM reservation)`,
  );
  expect(unknown).toEqual([]);
}

/** Waits until a replica is blocked on a lock. */
const untilWaiting = () =>
  eventually(async () => {
    // The engine refreshes its list of transactions only after it hasn't been read for 100 ms.
    await delay(120);
    const waiting = await database.rows(
      `SELECT 1 FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
        WHERE t.trx_state = 'LOCK WAIT' AND p.DB = DATABASE()`,
    );
    if (waiting.length === 0) throw new Error('no replica is waiting for a lock');
  }, 4_000);

const rerunsOf = async ({ metrics }: TestInventory, reason: string) => {
  const metric = await metrics.getSingleMetric('souk_inventory_batch_reruns_total')!.get();
  return metric.values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;
};

describe('for 64 customers and 50 pieces, a pair of replicas', () => {
  it.each([1, 2, 3, 4, 5])('sells exactly 50: round %i', async () => {
    const productId = await newProduct(50);
    const ids = Array.from({ length: 64 }, () => randomUUID());
    const states = await Promise.all(ids.map((id, index) => reserve(index % 2 ? replicaA : replicaB, id, productId)));
    expect(states.filter((state) => state === 'RESERVED')).toHaveLength(50);
    expect(states.filter((state) => state === 'REJECTED')).toHaveLength(14);
    expect(await stockOf(productId)).toEqual([50, 50, 0]);
    const ends = await Promise.all(ids.map((id, index) => commit(index % 2 ? replicaB : replicaA, id)));
    expect(ends.flat().filter((state) => state === 'COMMITTED')).toHaveLength(50);
    expect(await stockOf(productId)).toEqual([0, 0, 0]);
    await expectConsistent();
  });
});

describe('two replicas that receive the same id at the same time', () => {
  it('agree on whether the id is blocked or held: a rollback that decides first and writes last sees the reservation', async () => {
    const productId = await newProduct(5);
    const [first, contested] = [`a-${randomUUID()}`, `b-${randomUUID()}`];
    const before = await rerunsOf(replicaA, 'duplicate_key');
    // The rollback has found both ids unknown and waits to write the first.
    await slowReplica.beginTransaction();
    await slowReplica.query("INSERT INTO reservation (reserve_id, actor) VALUES (?, 'slow')", [first]);
    const rolledBack = rollBack(replicaA, first, contested);
    await untilWaiting();
    expect(await reserve(replicaB, contested, productId)).toBe('RESERVED');
    await slowReplica.rollback();
    expect(await rolledBack).toEqual(['ROLLED_BACK', 'ROLLED_BACK']);
    expect(await rerunsOf(replicaA, 'duplicate_key')).toBe(before + 1);
    expect(await commit(replicaB, contested)).toEqual(['ROLLED_BACK']);
    expect(await stockOf(productId)).toEqual([5, 0, 5]);
    await expectConsistent();
  });

  it('reserve under the id only once: a reserve that decides first and writes last returns the state known by then', async () => {
    const [leftProduct, rightProduct] = [await newProduct(5), await newProduct(5)];
    const [first, contested] = [`a-${randomUUID()}`, `b-${randomUUID()}`];
    await slowReplica.beginTransaction();
    await slowReplica.query("INSERT INTO reservation (reserve_id, actor) VALUES (?, 'slow')", [first]);
    const reserved = replicaA.client.reserveItems({
      reservations: [first, contested].map((reserveId) => ({
        reserveId,
        items: [{ productId: leftProduct, quantity: 1 }],
      })),
    });
    await untilWaiting();
    expect(await reserve(replicaB, contested, rightProduct)).toBe('RESERVED');
    await slowReplica.rollback();
    expect((await reserved).results.map(({ state }) => shortStateOf(state))).toEqual(['RESERVED', 'ITEMS_MISMATCH']);
    expect(await stockOf(leftProduct)).toEqual([5, 1, 4]);
    expect(await stockOf(rightProduct)).toEqual([5, 1, 4]);
    await expectConsistent();
  });

  it('lock the products of a reservation that was created after they chose their locks', async () => {
    const [locked, hidden] = [await newProduct(5), await newProduct(5)];
    const [existing, contested] = [randomUUID(), randomUUID()];
    await reserve(replicaA, existing, locked);
    const before = await rerunsOf(replicaA, 'stale_hint');
    // The rollback knows the product of the first reservation, but not of the second, and waits for that product.
    await slowReplica.beginTransaction();
    await slowReplica.query('SELECT 1 FROM product_details WHERE product_id = ? FOR UPDATE', [locked]);
    const rolledBack = rollBack(replicaA, existing, contested);
    await untilWaiting();
    expect(await reserve(replicaB, contested, hidden)).toBe('RESERVED');
    await slowReplica.rollback();
    expect(await rolledBack).toEqual(['ROLLED_BACK', 'ROLLED_BACK']);
    expect(await rerunsOf(replicaA, 'stale_hint')).toBe(before + 1);
    expect(await stockOf(hidden)).toEqual([5, 0, 5]);
    await expectConsistent();
  });

  it('agree on its outcome over hundreds of reserves, rollbacks and commits of the same ids on both', async () => {
    const products = await Promise.all([newProduct(10_000), newProduct(10_000), newProduct(10_000)]);
    const ids = Array.from({ length: 300 }, () => randomUUID());
    const ends = await Promise.all(
      ids.flatMap((id, index) => [
        reserve(replicaA, id, products[index % 3]!).then(() => commit(replicaA, id)),
        index % 2
          ? rollBack(replicaB, id)
          : reserve(replicaB, id, products[(index + 1) % 3]!).then(() => rollBack(replicaB, id)),
      ]),
    );
    await expectConsistent();
    for (const [index, id] of ids.entries()) {
      const [byOne, byOther] = [ends[2 * index]![0], ends[2 * index + 1]![0]];
      expect(['COMMITTED', 'ROLLED_BACK']).toContain(byOne);
      expect(byOther).toBe(byOne);
      expect(await reserve(replicaA, id, 'whatever')).toMatch(/ITEMS_MISMATCH|ROLLED_BACK/);
    }
    const committed = ends.filter((_, index) => index % 2 === 0).filter(([state]) => state === 'COMMITTED').length;
    const stocks = await Promise.all(products.map(stockOf));
    expect(stocks.reduce((sum, [onHand]) => sum + onHand!, 0)).toBe(30_000 - committed);
  }, 60_000);
});

describe('two replicas that create the same product at the same time', () => {
  it('do not set it below the quantity reserved in the meantime', async () => {
    const contested = `p-${randomUUID()}`;
    // Locks the gap where the product would be: other transactions can look it up, but can't create it.
    await slowReplica.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await slowReplica.beginTransaction();
    await slowReplica.query('SELECT 1 FROM product_details WHERE product_id = ? FOR UPDATE', [contested]);
    const lateUpsert = replicaA.client.upsertProduct({
      productId: contested,
      productName: 'Late',
      quantity: 1,
      unitPrice: '1',
    });
    const refused = expect(lateUpsert).rejects.toMatchObject({ code: 'STOCK_RESERVED', details: { reserved: 2 } });
    await untilWaiting();
    await slowReplica.query(
      `INSERT INTO product_details (product_id, product_name, quantity, unit_price, currency, actor)
       VALUES (?, 'First', 5, 1, 'USD', 'slow')`,
      [contested],
    );
    const reserveId = randomUUID();
    await slowReplica.query("INSERT INTO reservation (reserve_id, items, actor) VALUES (?, ?, 'slow')", [
      reserveId,
      JSON.stringify([[contested, 2]]),
    ]);
    await slowReplica.query(
      `INSERT INTO reserve_purchase (reserve_id, product_id, quantity, expires_at, actor)
       VALUES (?, ?, 2, NOW(3) + INTERVAL 1 HOUR, 'slow')`,
      [reserveId, contested],
    );
    await slowReplica.commit();
    await refused;
    expect(await stockOf(contested)).toEqual([5, 2, 3]);
    await expectConsistent();
  });
});

describe('many overlapping reservations on two replicas', () => {
  it('cause no error, and every piece is accounted for', async () => {
    const STOCK = 200;
    const products = await Promise.all(Array.from({ length: 6 }, () => newProduct(STOCK)));
    const sold = new Map(products.map((productId) => [productId, 0]));
    const random = (below: number) => Math.floor(Math.random() * below);
    const customer = async (client: InventoryClient) => {
      for (let turn = 0; turn < 12; turn++) {
        const reservations = Array.from({ length: 1 + random(3) }, () => ({
          reserveId: randomUUID(),
          items: Array.from({ length: 1 + random(4) }, () => ({
            productId: products[random(6)]!,
            quantity: 1 + random(3),
          })),
        }));
        const { results } = await client.reserveItems({ reservations });
        const reserveIds = results.flatMap(({ state, reserveId }) =>
          state === 'RESERVATION_STATE_RESERVED' ? [reserveId] : [],
        );
        if (random(3) === 0) {
          await client.rollbackReservations({ reserveIds });
          continue;
        }
        const ends = await client.commitReservations({ reserveIds: reserveIds.reverse() });
        for (const { reserveId, state } of ends.results) {
          expect(state).toBe('RESERVATION_STATE_COMMITTED');
          for (const item of reservations.find((reservation) => reservation.reserveId === reserveId)!.items) {
            sold.set(item.productId, sold.get(item.productId)! + item.quantity);
          }
        }
      }
    };
    await Promise.all(
      Array.from({ length: 48 }, (_, index) => customer(index % 2 ? replicaA.client : replicaB.client)),
    );
    await expectConsistent();
    for (const productId of products) {
      const unsold = STOCK - sold.get(productId)!;
      expect(await stockOf(productId)).toEqual([unsold, 0, unsold]);
    }
    for (const { metrics } of [replicaA, replicaB]) {
      const { values } = await metrics.getSingleMetric('grpc_server_call_duration_seconds')!.get();
      const codes = new Set(
        values.filter(({ labels }) => labels['method'] !== 'upsertProduct').map(({ labels }) => labels['code']),
      );
      expect([...codes]).toEqual(['OK']);
    }
  }, 60_000);
});
