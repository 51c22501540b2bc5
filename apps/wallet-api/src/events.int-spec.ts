import { createTestBroker, createTestDatabase, eventually, type TestBroker, type TestDatabase } from '@souk/testing';
import { connect, type ChannelModel } from 'amqplib';
import { credit, debit } from './move-cash';
import { asked, brokenPromises, newAccount, startTestWallet, type TestWallet } from './start-test-wallet';

const QUEUE = 'who-listens';

let database: TestDatabase;
let broker: TestBroker;
let wallet: TestWallet;
let listener: ChannelModel;

beforeAll(async () => {
  [database, broker] = await Promise.all([createTestDatabase('events'), createTestBroker('events')]);
  wallet = await startTestWallet(database, { RABBITMQ_URL: broker.url });
  listener = await connect(broker.url);
  listener.on('error', () => undefined); // cut by a test
  const channel = await listener.createChannel();
  await channel.assertExchange('transactions', 'topic', { durable: true });
  await channel.assertQueue(QUEUE);
  await channel.bindQueue(QUEUE, 'transactions', 'transactions.#');
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await wallet.stop();
  await listener.close().catch(() => undefined);
  await Promise.all([database.drop(), broker.drop()]);
});

interface Received {
  id: string;
  type: string;
  actor: string;
  data: { transaction_id: string; reason: string };
}

async function received(count: number): Promise<Received[]> {
  const all: Received[] = [];
  await eventually(async () => {
    for (const { content, fields } of await broker.drain(QUEUE)) {
      const message = JSON.parse(content.toString()) as Received;
      expect(fields.routingKey).toBe(message.type);
      if (!all.some(({ id }) => id === message.id)) all.push(message);
    }
    expect(all.length).toBeGreaterThanOrEqual(count);
  });
  return all;
}

it('every transaction is told on the exchange, with the id and the payload of its row', async () => {
  const { accountId } = await newAccount(wallet);
  await credit(wallet.lane, { accountId, amount: 5n, ...asked() });
  await debit(wallet.lane, { accountId, amount: 6n, ...asked() });
  const messages = await received(2);
  expect(messages.map(({ type, actor, data }) => [type, actor, data.reason])).toEqual([
    ['transactions.completed', 'test', ''],
    ['transactions.failed', 'test', 'INSUFFICIENT_FUNDS'],
  ]);
  const rows = await database.rows<{ id: string; payload: unknown }>('SELECT id, payload FROM event ORDER BY position');
  expect(
    rows.map(({ id, payload }) => ({ id, data: typeof payload === 'string' ? JSON.parse(payload) : payload })),
  ).toEqual(messages.map(({ id, data }) => ({ id, data })));
  await eventually(async () => expect(await database.rows('SELECT id FROM outbox')).toEqual([]));
});

it('money moves while the broker is away, and is told when it is back', async () => {
  const { accountId } = await newAccount(wallet);
  broker.cutConnections();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => credit(wallet.lane, { accountId, amount: 1n, ...asked() })),
  );
  const ids = results.flatMap((result) => (result.ok ? [result.transaction.id] : []));
  expect(ids).toHaveLength(20);
  const messages = await received(20);
  expect(messages.map(({ data }) => data.transaction_id).sort()).toEqual(ids.sort());
});
