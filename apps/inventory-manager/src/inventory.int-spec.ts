import { createDatabase, purge } from '@souk/database';
import type { ProductPut, StockChange, UpsertProductRequest } from '@souk/grpc';
import { createCuttableProxy, createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { startTestInventory, type TestInventory } from '../test/start-test-inventory';

let database: TestDatabase;
let inventory: TestInventory;

beforeAll(async () => {
  database = await createTestDatabase('inventory');
  inventory = await startTestInventory(database.url);
});

afterAll(async () => {
  await inventory.stop();
  await database.drop();
});

const product = (productId: string, quantity: number, overrides: Partial<UpsertProductRequest> = {}) =>
  inventory.client.upsertProduct({
    productId,
    productName: `Product ${productId}`,
    quantity,
    unitPrice: '12.50',
    actor: 'admin',
    ...overrides,
  });
const newProduct = async (quantity: number) => {
  const productId = `p-${randomUUID()}`;
  await product(productId, quantity);
  return productId;
};
const stockOf = async (productId: string) => {
  const { products } = await inventory.client.listProducts({ productIds: [productId] });
  const { onHand, reserved, available } = products[0]!;
  return { onHand, reserved, available };
};
const reserve = async (reserveId: string, ...items: [string, number][]) => {
  const { results } = await inventory.client.reserveItems({
    reservations: [{ reserveId, items: items.map(([productId, quantity]) => ({ productId, quantity })) }],
    actor: 'test',
  });
  return results[0]!;
};
const commit = async (...reserveIds: string[]) =>
  (await inventory.client.commitReservations({ reserveIds, actor: 'test' })).results.map(({ state }) => state);
const rollBack = async (...reserveIds: string[]) =>
  (await inventory.client.rollbackReservations({ reserveIds, actor: 'test' })).results.map(({ state }) => state);

test('ending many large reservations takes several transactions, and each reservation gets its own answer', async () => {
  const products = Array.from({ length: 900 }, (_, n) => `large-${n}`);
  const rows = products.map((productId) => [productId, productId, 100, 1, 'USD', 'test']);
  await database.rows(
    'INSERT INTO product_details (product_id, product_name, quantity, unit_price, currency, actor) VALUES ?',
    [rows],
  );
  const ids = Array.from({ length: 5 }, () => randomUUID());
  const items = products.map((productId) => ({ productId, quantity: 1 }));
  const { results } = await inventory.client.reserveItems({
    reservations: ids.map((reserveId) => ({ reserveId, items })),
    actor: 'test',
  });
  expect(results.map(({ state }) => state)).toEqual(ids.map(() => 'RESERVATION_STATE_RESERVED'));
  const batches = async () => {
    const { values } = (await inventory.metrics.getSingleMetric('souk_inventory_batch_commands')!.get()) as {
      values: { metricName?: string; value: number }[];
    };
    return values.find(({ metricName }) => metricName?.endsWith('_count'))!.value;
  };
  const before = await batches();
  expect(await commit(...ids, 'unknown')).toEqual([
    ...ids.map(() => 'RESERVATION_STATE_COMMITTED'),
    'RESERVATION_STATE_UNKNOWN',
  ]);
  expect((await batches()) - before).toBe(3);
  expect(await stockOf('large-899')).toEqual({ onHand: 95, reserved: 0, available: 95 });
});

describe('products', () => {
  it('are stored and replaced, and listed as they were set', async () => {
    const productId = `ключ 🗝 ' \\ " % ${randomUUID()}`;
    const { product: created } = await product(productId, 7, { unitPrice: '9999999999.99', productName: "Ali's 🪔" });
    expect(created).toEqual({
      productId,
      productName: "Ali's 🪔",
      onHand: 7,
      reserved: 0,
      available: 7,
      unitPrice: '9999999999.99',
      currency: 'USD',
      version: expect.stringMatching(/^[\w-]{22}$/) as unknown,
    });
    await product(productId, 2_147_483_647, { unitPrice: '0' });
    expect(await inventory.client.listProducts({ productIds: [productId, 'nope'] })).toEqual({
      products: [
        {
          ...created,
          productName: `Product ${productId}`,
          onHand: 2_147_483_647,
          available: 2_147_483_647,
          unitPrice: '0.00',
          version: expect.not.stringMatching(created!.version) as unknown,
        },
      ],
      next: '',
    });
  });

  it('have ids that are compared byte for byte', async () => {
    const id = randomUUID();
    await Promise.all([product(`é${id}`, 1), product(`É${id}`, 2), product(`e\u0301${id}`, 3)]);
    const { items } = await inventory.client.checkItems({ productIds: [`e\u0301${id}`, `é${id}`, `É${id}`, `E${id}`] });
    expect(items.map(({ exists, available }) => [exists, available])).toEqual([
      [true, 3],
      [true, 1],
      [true, 2],
      [false, 0],
    ]);
  });

  it('are checked in the order of the request, including unknown ones', async () => {
    const productId = await newProduct(5);
    await reserve(randomUUID(), [productId, 2]);
    expect(await inventory.client.checkItems({ productIds: ['no such', productId, productId] })).toEqual({
      items: [
        { productId: 'no such', exists: false, available: 0, unitPrice: '', currency: '' },
        { productId, exists: true, available: 3, unitPrice: '12.50', currency: 'USD' },
        { productId, exists: true, available: 3, unitPrice: '12.50', currency: 'USD' },
      ],
    });
  });

  it('are listed a page at a time, each once', async () => {
    const ownDatabase = await createTestDatabase('inventory');
    const otherInventory = await startTestInventory(ownDatabase.url);
    const ids = Array.from({ length: 7 }, (_, index) => `p-${index}`);
    await Promise.all(
      ids.map((productId) =>
        otherInventory.client.upsertProduct({ productId, productName: productId, quantity: 1, unitPrice: '1' }),
      ),
    );
    const seen: string[] = [];
    let after = '';
    do {
      const page = await otherInventory.client.listProducts({ after, limit: 3 });
      seen.push(...page.products.map(({ productId }) => productId));
      after = page.next;
    } while (after !== '');
    expect(seen).toEqual(ids);
    expect((await otherInventory.client.listProducts({ limit: 7 })).next).toBe('');
    expect((await otherInventory.client.listProducts({})).products).toHaveLength(7);
    await otherInventory.stop();
    await ownDatabase.drop();
  });

  it('cannot be set below the reserved quantity', async () => {
    const productId = await newProduct(5);
    await reserve(randomUUID(), [productId, 3]);
    await expect(product(productId, 2)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'STOCK_RESERVED',
      details: { reserved: 3 },
    });
    await product(productId, 3);
    expect(await stockOf(productId)).toEqual({ onHand: 3, reserved: 3, available: 0 });
  });
});

describe('a put', () => {
  const put = async (productId: string, overrides: Partial<ProductPut> = {}) => {
    const puts = [{ productId, productName: 'Lamp', unitPrice: '1.00', ...overrides }];
    return (await inventory.client.putProducts({ puts, actor: 'ann' })).results[0]!;
  };

  it('without a quantity leaves the stock unchanged, however much is reserved and sold', async () => {
    const productId = await newProduct(10);
    const [sold, reserved] = [randomUUID(), randomUUID()];
    await reserve(sold, [productId, 2]);
    await commit(sold);
    await reserve(reserved, [productId, 3]);
    const { state, product: stored } = await put(productId);
    expect(state).toBe('PRODUCT_PUT_STATE_STORED');
    expect(stored).toMatchObject({ productName: 'Lamp', unitPrice: '1.00', onHand: 8, reserved: 3, available: 5 });
    expect((await put(`new ${productId}`)).product).toMatchObject({ onHand: 0 });
  });

  it('with a quantity of 0 sets the stock to 0', async () => {
    const productId = await newProduct(10);
    expect((await put(productId, { quantity: 0 })).product).toMatchObject({ onHand: 0 });
  });

  it('below the reserved quantity changes nothing', async () => {
    const productId = await newProduct(10);
    await reserve(randomUUID(), [productId, 3]);
    expect(await put(productId, { quantity: 2 })).toEqual({
      ...{ productId, state: 'PRODUCT_PUT_STATE_STOCK_RESERVED' },
      ...{ product: null, reserved: 3 },
    });
    expect(await stockOf(productId)).toEqual({ onHand: 10, reserved: 3, available: 7 });
  });

  it('with a condition changes only the version that was read', async () => {
    const productId = await newProduct(10);
    const { products } = await inventory.client.listProducts({ productIds: [productId] });
    const condition = { versions: [products[0]!.version] };
    const reserveId = randomUUID();
    await reserve(reserveId, [productId, 3]);
    const first = await put(productId, { quantity: 10, condition });
    expect(first.state).toBe('PRODUCT_PUT_STATE_STORED');
    await commit(reserveId);
    const stale = await put(productId, { quantity: 10, condition: { versions: [first.product!.version] } });
    expect(stale.state).toBe('PRODUCT_PUT_STATE_CONDITION_FAILED');
    expect(await stockOf(productId)).toMatchObject({ onHand: 7 });
    expect((await put(productId, { condition: { anyVersion: true } })).state).toBe('PRODUCT_PUT_STATE_STORED');
    const missing = await put(`new ${productId}`, { condition: { anyVersion: true } });
    expect(missing.state).toBe('PRODUCT_PUT_STATE_CONDITION_FAILED');
  });
});

describe('a stock change', () => {
  const change = async (productId: string, delta: number, overrides: Partial<StockChange> = {}) => {
    const changes = [{ changeId: randomUUID(), fingerprint: 'f', productId, delta, reason: 'counted', ...overrides }];
    return (await inventory.client.changeStock({ changes, actor: 'ann' })).results[0]!;
  };
  const recordedChanges = (productId: string) =>
    database.rows(
      'SELECT actor, quantity_from, quantity_to, reason FROM stock_change WHERE product_id = ? ORDER BY id',
      [productId],
    );

  it('is recorded with its actor, old quantity, new quantity and reason; a put is recorded only if it changes the stock', async () => {
    const productId = await newProduct(10);
    const reserveId = randomUUID();
    await reserve(reserveId, [productId, 2]);
    await commit(reserveId);
    expect((await change(productId, -3)).product).toMatchObject({ onHand: 5 });
    await product(productId, 5, { productName: 'renamed', actor: 'bob' });
    await product(productId, 6, { actor: 'bob' });
    await change(productId, 0);
    await change(productId, -7);
    expect(await recordedChanges(productId)).toEqual([
      { actor: 'admin', quantity_from: 0, quantity_to: 10, reason: '' },
      { actor: 'ann', quantity_from: 8, quantity_to: 5, reason: 'counted' },
      { actor: 'bob', quantity_from: 5, quantity_to: 6, reason: '' },
    ]);
  });

  it('happens once per id, even if repeated many times through two replicas', async () => {
    const productId = await newProduct(10);
    const otherInventory = await startTestInventory(database.url);
    const changes = [{ changeId: randomUUID(), fingerprint: 'f', productId, delta: 5, reason: '' }];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? inventory : otherInventory).client.changeStock({ changes, actor: 'ann' }),
      ),
    );
    const results = answers.map(({ results: [result] }) => result!);
    expect(results.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    for (const { product: changed } of results) expect(changed).toMatchObject({ onHand: 15 });
    expect(await stockOf(productId)).toMatchObject({ onHand: 15 });
    expect(await recordedChanges(productId)).toHaveLength(2);
    await otherInventory.stop();
  });

  it('is refused below the reserved quantity and for an unknown product, and the refusal is replayed', async () => {
    const productId = await newProduct(10);
    const reserveId = randomUUID();
    await reserve(reserveId, [productId, 8]);
    const [refusedId, unknownId] = [randomUUID(), randomUUID()];
    const first = await change(productId, -3, { changeId: refusedId });
    expect(first).toMatchObject({ state: 'STOCK_CHANGE_STATE_STOCK_RESERVED', reserved: 8, product: null });
    expect((await change('nope', 1, { changeId: unknownId })).state).toBe('STOCK_CHANGE_STATE_UNKNOWN_PRODUCT');
    await rollBack(reserveId);
    expect(await change(productId, -3, { changeId: refusedId })).toEqual({ ...first, isReplay: true });
    expect((await change('nope', 1, { changeId: unknownId })).isReplay).toBe(true);
    expect((await change(productId, 2 ** 31 - 1)).state).toBe('STOCK_CHANGE_STATE_TOO_MUCH');
    expect(await stockOf(productId)).toMatchObject({ onHand: 10 });
  });

  it('is replayed for a day; its id is then refused for thirty more days, and then forgotten', async () => {
    const productId = await newProduct(10);
    const changeId = randomUUID();
    const setAge = (hours: number) =>
      database.rows('UPDATE stock_change_answer SET created_at = NOW(3) - INTERVAL ? HOUR WHERE change_id = ?', [
        ...[hours, changeId],
      ]);
    await change(productId, 5, { changeId });
    await setAge(23);
    expect(await change(productId, 5, { changeId })).toMatchObject({ isReplay: true, product: { onHand: 15 } });
    expect((await change(productId, 6, { changeId, fingerprint: 'g' })).state).toBe('STOCK_CHANGE_STATE_ID_MISMATCH');
    await setAge(25);
    expect((await change(productId, 5, { changeId })).state).toBe('STOCK_CHANGE_STATE_ID_EXPIRED');
    const db = createDatabase({
      ...{ url: database.url, poolSize: 1, acquireTimeoutMs: 2_000, statementTimeoutMs: 2_000 },
    });
    await setAge(30 * 24 + 23);
    expect(await purge(db, 'stock_change_answer', 31 * 24)).toBe(0);
    await setAge(31 * 24 + 1);
    expect(await purge(db, 'stock_change_answer', 31 * 24)).toBe(1);
    await db.close();
    expect(await stockOf(productId)).toMatchObject({ onHand: 15 });
    expect(await recordedChanges(productId)).toHaveLength(2);
  });
});

describe('a reservation', () => {
  it('takes the stock when committed, returns the stock when rolled back, and reports the time when it expires', async () => {
    const productId = await newProduct(10);
    const [committed, rolledBack] = [randomUUID(), randomUUID()];
    const before = Date.now();
    const reserved = await reserve(committed, [productId, 2], [productId, 1]);
    expect(reserved).toMatchObject({ reserveId: committed, state: 'RESERVATION_STATE_RESERVED', shortages: [] });
    const expiresAt = reserved.expiresAt!.seconds * 1_000 + reserved.expiresAt!.nanos / 1e6;
    expect(expiresAt).toBeGreaterThan(before + 590_000);
    expect(expiresAt).toBeLessThan(Date.now() + 610_000);
    await reserve(rolledBack, [productId, 4]);
    expect(await stockOf(productId)).toEqual({ onHand: 10, reserved: 7, available: 3 });
    expect(await rollBack(rolledBack)).toEqual(['RESERVATION_STATE_ROLLED_BACK']);
    expect(await commit(committed)).toEqual(['RESERVATION_STATE_COMMITTED']);
    expect(await stockOf(productId)).toEqual({ onHand: 7, reserved: 0, available: 7 });
    expect(
      await database.rows('SELECT * FROM reserve_purchase WHERE reserve_id IN (?)', [[committed, rolledBack]]),
    ).toEqual([]);
    const outcomes = await database.rows(
      'SELECT reserve_id, outcome, actor FROM reservation_outcome WHERE reserve_id = ?',
      [committed],
    );
    expect(outcomes).toEqual([{ reserve_id: committed, outcome: 'committed', actor: 'test' }]);
  });

  it('with a shortage holds nothing, and is rejected the same way every time', async () => {
    const [plenty, scarce] = [await newProduct(10), await newProduct(1)];
    const reserveId = randomUUID();
    const shortages = [
      { productId: scarce, requested: 2, available: 1 },
      { productId: 'unknown', requested: 1, available: 0 },
    ];
    const tryToReserve = () => reserve(reserveId, [plenty, 1], [scarce, 2], ['unknown', 1]);
    const first = await tryToReserve();
    expect(first.state).toBe('RESERVATION_STATE_REJECTED');
    expect(first.shortages).toHaveLength(2);
    expect(first.shortages).toEqual(expect.arrayContaining(shortages));
    expect(await stockOf(plenty)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    await product(scarce, 50);
    expect(await tryToReserve()).toEqual(first);
    expect(await rollBack(reserveId)).toEqual(['RESERVATION_STATE_REJECTED']);
    expect(await commit(reserveId)).toEqual(['RESERVATION_STATE_REJECTED']);
    expect(await tryToReserve()).toEqual(first);
  });

  it('returns its state to every repeated call, even after it has ended, and changes nothing', async () => {
    const productId = await newProduct(10);
    const [committed, rolledBack, open] = [randomUUID(), randomUUID(), randomUUID()];
    const reserved = await reserve(open, [productId, 1]);
    for (const reserveId of [committed, rolledBack]) await reserve(reserveId, [productId, 1]);
    await commit(committed);
    await rollBack(rolledBack);
    for (let round = 0; round < 3; round++) {
      expect(await reserve(open, [productId, 1])).toEqual(reserved);
      expect((await reserve(committed, [productId, 1])).state).toBe('RESERVATION_STATE_COMMITTED');
      expect((await reserve(rolledBack, [productId, 1])).state).toBe('RESERVATION_STATE_ROLLED_BACK');
      expect(await commit(committed, rolledBack, committed)).toEqual([
        'RESERVATION_STATE_COMMITTED',
        'RESERVATION_STATE_ROLLED_BACK',
        'RESERVATION_STATE_COMMITTED',
      ]);
      expect(await rollBack(committed, rolledBack)).toEqual([
        'RESERVATION_STATE_COMMITTED',
        'RESERVATION_STATE_ROLLED_BACK',
      ]);
      expect((await reserve(committed, [productId, 2])).state).toBe('RESERVATION_STATE_ITEMS_MISMATCH');
      expect(await stockOf(productId)).toEqual({ onHand: 9, reserved: 1, available: 8 });
    }
  });

  it('that was rolled back before it was created can no longer be created', async () => {
    const productId = await newProduct(1);
    const reserveId = randomUUID();
    expect(await commit(reserveId)).toEqual(['RESERVATION_STATE_UNKNOWN']);
    expect(await rollBack(reserveId)).toEqual(['RESERVATION_STATE_ROLLED_BACK']);
    expect((await reserve(reserveId, [productId, 1])).state).toBe('RESERVATION_STATE_ROLLED_BACK');
    expect(await commit(reserveId)).toEqual(['RESERVATION_STATE_ROLLED_BACK']);
    expect(await stockOf(productId)).toEqual({ onHand: 1, reserved: 0, available: 1 });
  });

  it('can be one of a thousand in a call, decided in order in one transaction', async () => {
    const productId = await newProduct(600);
    const ids = Array.from({ length: 1_000 }, () => randomUUID());
    const { results } = await inventory.client.reserveItems({
      reservations: ids.map((reserveId) => ({ reserveId, items: [{ productId, quantity: 1 }] })),
    });
    expect(results.map(({ reserveId }) => reserveId)).toEqual(ids);
    const expected = ids.map((_, index) => `RESERVATION_STATE_${index < 600 ? 'RESERVED' : 'REJECTED'}`);
    expect(results.map(({ state }) => state)).toEqual(expected);
    expect(new Set(await commit(...ids.slice(0, 600)))).toEqual(new Set(['RESERVATION_STATE_COMMITTED']));
    const rows = await database.rows('SELECT DISTINCT created_at FROM reservation WHERE reserve_id IN (?)', [ids]);
    expect(rows).toHaveLength(1);
    expect(await stockOf(productId)).toEqual({ onHand: 0, reserved: 0, available: 0 });
  });

  it('call without entries returns an empty result', async () => {
    expect(await inventory.client.reserveItems({})).toEqual({ results: [] });
    expect(await inventory.client.commitReservations({})).toEqual({ results: [] });
    expect(await inventory.client.rollbackReservations({})).toEqual({ results: [] });
    expect(await inventory.client.checkItems({})).toEqual({ items: [] });
  });
});

describe('an invalid call is refused as a whole, with the error', () => {
  const item = { productId: 'p', quantity: 1 };
  const validReservation = { reserveId: 'r-untouched', items: [item] };
  const reserveCall =
    (...reservations: object[]) =>
    () =>
      inventory.client.reserveItems({ reservations });
  const changeCall = (overrides: Partial<StockChange>) => () =>
    inventory.client.changeStock({ changes: [{ changeId: 'c', productId: 'p', delta: 1, ...overrides }] });
  const upsertCall = (overrides: Partial<UpsertProductRequest>) => () => product('p-invalid', 1, overrides);

  it.each<[string, () => Promise<unknown>]>([
    [
      'reservations[1].reserve_id must not be empty',
      reserveCall(validReservation, { ...validReservation, reserveId: '' }),
    ],
    [
      'reservations[0].reserve_id must not start or end with white space',
      reserveCall({ ...validReservation, reserveId: 'r ' }),
    ],
    ['reservations[0].reserve_id must not contain NUL', reserveCall({ ...validReservation, reserveId: 'r\0' })],
    [
      'reservations[0].reserve_id must have at most 100 characters',
      reserveCall({ ...validReservation, reserveId: '🗝'.repeat(101) }),
    ],
    ['reservations[0].items must not be empty', reserveCall({ ...validReservation, items: [] })],
    [
      'reservations[0].items[1].product_id must not be empty',
      reserveCall({ ...validReservation, items: [item, { quantity: 1 }] }),
    ],
    [
      'reservations[0].items[0].quantity must be an integer',
      reserveCall({ ...validReservation, items: [{ ...item, quantity: 0 }] }),
    ],
    [
      'reservations[0].items[0].quantity must be an integer',
      reserveCall({ ...validReservation, items: [{ ...item, quantity: -1 }] }),
    ],
    [
      'reservations[0].items[0].quantity must be an integer',
      reserveCall({ ...validReservation, items: [{ ...item, quantity: 2 ** 31 }] }),
    ],
    [
      'reservations must have at most 1000 entries',
      reserveCall(...Array.from({ length: 1_001 }, () => validReservation)),
    ],
    [
      'items of all reservations must have at most 20000',
      reserveCall({ ...validReservation, items: Array.from({ length: 20_001 }, () => item) }),
    ],
    [
      'actor must have at most 255 characters',
      () => inventory.client.reserveItems({ reservations: [validReservation], actor: 'a'.repeat(256) }),
    ],
    ['reserve_ids[0] must not be empty', () => inventory.client.commitReservations({ reserveIds: [''] })],
    ['reserve_ids[1] must not start or end', () => inventory.client.rollbackReservations({ reserveIds: ['a', '\ta'] })],
    [
      'reserve_ids must have at most 1000',
      () => inventory.client.rollbackReservations({ reserveIds: Array.from({ length: 1_001 }, () => 'a') }),
    ],
    ['product_ids[0] must not be empty', () => inventory.client.checkItems({ productIds: [''] })],
    ['product_ids[0] must not be empty', () => inventory.client.listProducts({ productIds: [''] })],
    ['limit must be an integer from 1 to 500', () => inventory.client.listProducts({ limit: 501 })],
    ['limit must be an integer from 1 to 500', () => inventory.client.listProducts({ limit: -1 })],
    ['product_id must not be empty', upsertCall({ productId: '' })],
    ['product_name must not be empty', upsertCall({ productName: '  ' })],
    ['product_name must have at most 200', upsertCall({ productName: 'n'.repeat(201) })],
    ['quantity must be an integer from 0', upsertCall({ quantity: -1 })],
    ['quantity must be an integer from 0', upsertCall({ quantity: 2 ** 31 })],
    ['unit_price must be an amount', upsertCall({ unitPrice: '' })],
    ['unit_price must be an amount', upsertCall({ unitPrice: '-1' })],
    ['unit_price must be an amount', upsertCall({ unitPrice: '1.001' })],
    ['unit_price must be an amount', upsertCall({ unitPrice: '1e2' })],
    ['unit_price must be an amount', upsertCall({ unitPrice: '10000000000.00' })],
    ['changes[0].change_id must not be empty', changeCall({ changeId: '' })],
    ['changes[0].product_id must not be empty', changeCall({ productId: '' })],
    ['changes[0].delta must be an integer', changeCall({ delta: 2 ** 31 })],
    ['changes[0].delta must be an integer', changeCall({ delta: -(2 ** 31) })],
    ['changes[0].reason must have at most 500', changeCall({ reason: 'r'.repeat(501) })],
    ['changes[0].fingerprint must have at most 64', changeCall({ fingerprint: 'f'.repeat(65) })],
  ])('%s', async (message, call) => {
    await expect(call()).rejects.toMatchObject({
      kind: 'invalid',
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(message) as unknown,
    });
    expect(await database.rows("SELECT 1 FROM reservation WHERE reserve_id = 'r-untouched'")).toEqual([]);
  });
});

describe('an inventory manager without its database', () => {
  it('fails reads within 2 s while the database hangs, and works again once the database responds', async () => {
    const url = new URL(database.url);
    const proxy = await createCuttableProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const hangingInventory = await startTestInventory(url.href);
    proxy.alter(() => Buffer.alloc(0)); // the database doesn't respond, not even on new connections
    try {
      for (let count = 0; count < 2; count++) {
        const startedAt = performance.now();
        const reading = hangingInventory.client.listProducts({ productIds: ['p'] });
        await expect(reading).rejects.toMatchObject({ kind: 'unavailable' });
        expect(performance.now() - startedAt).toBeLessThan(2_000);
      }
      proxy.alter((chunk) => chunk);
      await eventually(() => hangingInventory.client.listProducts({ productIds: ['p'] }));
    } finally {
      await hangingInventory.stop();
      await proxy.close();
    }
  });

  it('does not listen until the schema exists, so that no caller reaches it', async () => {
    const missingDatabase = await createTestDatabase('inventory');
    await missingDatabase.rows('DROP DATABASE ??', [missingDatabase.schema]);
    const waitingInventory = await startTestInventory(missingDatabase.url, { isReady: false });
    await expect(waitingInventory.client.ping()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(waitingInventory.client.checkItems({ productIds: ['p'] })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await missingDatabase.rows('CREATE DATABASE ??', [missingDatabase.schema]);
    await eventually(() => waitingInventory.client.ping());
    expect((await waitingInventory.client.checkItems({ productIds: ['p'] })).items).toHaveLength(1);
    await waitingInventory.stop();
    await missingDatabase.drop();
  });
});
