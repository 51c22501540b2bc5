import { migrationLock } from '@souk/database';
import { createInventoryClient } from '@souk/grpc';
import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { startTestInventory, type TestInventory } from '../test/start-test-inventory';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('scaling');
});

afterAll(async () => {
  await database.drop();
});

const callsOf = async ({ metrics }: TestInventory, method: string) => {
  const { values } = await metrics.getSingleMetric('grpc_server_call_duration_seconds')!.get();
  const counts = values as { labels: Record<string, unknown>; metricName?: string; value: number }[];
  return counts
    .filter(({ labels, metricName }) => metricName?.endsWith('_count') && labels['method'] === method)
    .reduce((sum, { value }) => sum + value, 0);
};

test('no call fails while a joining replica waits for the migration lock', async () => {
  const first = await startTestInventory(database.url);
  await database.rows('SELECT GET_LOCK(?, 0)', [migrationLock(database.schema)]);
  const second = await startTestInventory(database.url, { isReady: false });
  const address = `ipv4:127.0.0.1:${first.grpcPort},127.0.0.1:${second.grpcPort}`;
  // The client doesn't retry puts and stock changes, so a replica that isn't ready would make them fail.
  const client = createInventoryClient({ address, deadlineMs: 10_000 });
  const productId = `p-${randomUUID()}`;
  const errors: unknown[] = [];
  let isStopping = false;
  let roundCount = 0;
  const shop = async () => {
    for (; !isStopping; roundCount++) {
      const reserveId = randomUUID();
      await client.putProducts({ puts: [{ productId, productName: 'Lamp', unitPrice: '1', quantity: 1_000_000 }] });
      await client.changeStock({ changes: [{ changeId: randomUUID(), productId, delta: 1 }] });
      await client.reserveItems({ reservations: [{ reserveId, items: [{ productId, quantity: 1 }] }] });
      await client.rollbackReservations({ reserveIds: [reserveId] });
    }
  };
  const customers = Array.from({ length: 4 }, () => shop().catch((error: unknown) => errors.push(error)));

  await eventually(() => expect(roundCount).toBeGreaterThan(50));
  await expect(second.client.ping()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await callsOf(second, 'reserveItems')).toBe(0);
  await database.rows('SELECT RELEASE_LOCK(?)', [migrationLock(database.schema)]);
  await eventually(async () => expect(await callsOf(second, 'reserveItems')).toBeGreaterThan(20));
  isStopping = true;
  await Promise.all(customers);
  expect(errors).toEqual([]);

  client.close();
  await Promise.all([first.stop(), second.stop()]);
}, 60_000);

test('a replica that is stopped while it waits for the migration lock does not start to listen', async () => {
  await database.rows('SELECT GET_LOCK(?, 0)', [migrationLock(database.schema)]);
  const waiting = await startTestInventory(database.url, { isReady: false });
  const stopped = waiting.stop();
  await database.rows('SELECT RELEASE_LOCK(?)', [migrationLock(database.schema)]);
  await stopped;
  const client = createInventoryClient({ address: `ipv4:127.0.0.1:${waiting.grpcPort}`, deadlineMs: 1_000 });
  await expect(client.ping()).rejects.toMatchObject({ kind: 'unavailable' });
  client.close();
});
