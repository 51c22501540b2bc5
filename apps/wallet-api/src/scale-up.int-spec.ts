import { migrationLock } from '@souk/database';
import { createPaymentClient } from '@souk/grpc';
import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { startTestWallet } from '../test/start-test-wallet';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('wallet_scaling');
});

afterAll(async () => {
  await database.drop();
});

test('no payment fails while a joining replica waits for the migration lock', async () => {
  const first = await startTestWallet(database);
  await database.rows('SELECT GET_LOCK(?, 0)', [migrationLock(database.schema)]);
  const second = await startTestWallet(database, {}, { waitsUntilReady: false });
  const address = `ipv4:127.0.0.1:${first.grpcPort},127.0.0.1:${second.grpcPort}`;
  const client = createPaymentClient({ address, deadlineMs: 10_000 });
  const callsOfSecond = async () => {
    const { values } = await second.metrics.getSingleMetric('grpc_server_call_duration_seconds')!.get();
    return values.filter(({ labels }) => labels['method'] === 'get').length;
  };
  const errors: unknown[] = [];
  let isOver = false;
  let doneCount = 0;
  const pay = async () => {
    for (; !isOver; doneCount++) {
      const paymentIds = [randomUUID()];
      await client.cancel({ paymentIds });
      await client.get({ paymentIds });
    }
  };
  const clients = Array.from({ length: 4 }, () => pay().catch((error: unknown) => errors.push(error)));

  await eventually(() => expect(doneCount).toBeGreaterThan(50));
  expect(await callsOfSecond()).toBe(0);
  await database.rows('SELECT RELEASE_LOCK(?)', [migrationLock(database.schema)]);
  await eventually(async () => expect(await callsOfSecond()).toBeGreaterThan(0));
  const doneByFirst = doneCount;
  await eventually(() => expect(doneCount).toBeGreaterThan(doneByFirst + 50));
  isOver = true;
  await Promise.all(clients);
  expect(errors).toEqual([]);

  client.close();
  await Promise.all([first.stop(), second.stop()]);
}, 60_000);
