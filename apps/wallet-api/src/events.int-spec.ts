import { createTestBroker, createTestDatabase, eventually, type TestBroker, type TestDatabase } from '@souk/testing';
import { connect, type ChannelModel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { cancel, charge, newPayment } from '../test/ask-test-payments';
import { testOrigin, brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { credit, debit } from './transactions/external-transactions';

const QUEUE = 'event-listener';

let database: TestDatabase;
let broker: TestBroker;
let wallet: TestWallet;
let listener: ChannelModel;

beforeAll(async () => {
  [database, broker] = await Promise.all([createTestDatabase('events'), createTestBroker('events')]);
  wallet = await startTestWallet(database, { RABBITMQ_URL: broker.url });
  listener = await connect(broker.url);
  listener.on('error', () => undefined); // a test cuts this connection
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
  data: { transaction_id: string; type: string; reason: string; order_id?: string; withdrawal_id?: string };
}

async function receiveMessages(count: number): Promise<Received[]> {
  const messages: Received[] = [];
  await eventually(async () => {
    for (const { content, fields } of await broker.drain(QUEUE)) {
      const message = JSON.parse(content.toString()) as Received;
      expect(fields.routingKey).toBe(message.type);
      if (!messages.some(({ id }) => id === message.id)) messages.push(message);
    }
    expect(messages.length).toBeGreaterThanOrEqual(count);
  });
  return messages;
}

it('every transaction is published to the exchange, with the id and the payload of its row', async () => {
  const { accountId } = await newAccount(wallet);
  await credit(wallet.lane, { accountId, amount: 5n, ...testOrigin() });
  await debit(wallet.lane, { accountId, amount: 6n, ...testOrigin() });
  const messages = await receiveMessages(2);
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

it('money moves while the broker is down, and the events are published once it is back', async () => {
  const { accountId } = await newAccount(wallet);
  broker.cutConnections();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => credit(wallet.lane, { accountId, amount: 1n, ...testOrigin() })),
  );
  const ids = results.flatMap((result) => (result.ok ? [result.transaction.id] : []));
  expect(ids).toHaveLength(20);
  const messages = await receiveMessages(20);
  expect(messages.map(({ data }) => data.transaction_id).sort()).toEqual(ids.sort());
});

describe('the event of a charge or a refund', () => {
  const summariesOf = async (accountId: string) => {
    const { events } = await wallet.events.getEvents({ accounts: [{ accountId, after: 1 }] });
    return events.map((event) => [event.transactionType, event.status, event.orderId, event.withdrawalId]);
  };

  it('contains the id of its order or cash withdrawal in the message, in the table and in GetEvents', async () => {
    const reference = randomUUID();
    const account = await newAccount(wallet, 1_000n, reference);
    const [order, refusedOrder] = [newPayment(reference, '1.00'), newPayment(reference, '99.00')];
    const [withdrawal, refusedWithdrawal] = [newPayment(account, '2.50'), newPayment(account, '99.00')];
    await charge(wallet, order, refusedOrder, withdrawal, refusedWithdrawal);
    await cancel(wallet, order.paymentId);
    await cancel(wallet, withdrawal.paymentId);
    const expected = [
      ['charge', 'completed', order.paymentId, ''],
      ['charge', 'failed', refusedOrder.paymentId, ''],
      ['charge', 'completed', '', withdrawal.paymentId],
      ['charge', 'failed', '', refusedWithdrawal.paymentId],
      ['refund', 'completed', order.paymentId, ''],
      ['refund', 'completed', '', withdrawal.paymentId],
    ];
    expect(await summariesOf(account.accountId)).toEqual(expected);

    const messages = await receiveMessages(7);
    const fieldsOf = ({ data: { type, order_id, withdrawal_id } }: Received) => ({ type, order_id, withdrawal_id });
    expect(messages.map(fieldsOf)).toEqual([
      { type: 'replenish' },
      ...expected.map(([type, , orderId, withdrawalId]) => ({
        type,
        ...(orderId ? { order_id: orderId } : { withdrawal_id: withdrawalId }),
      })),
    ]);
    const rows = await database.rows<{ payload: unknown }>('SELECT payload FROM event ORDER BY position DESC LIMIT 7');
    const payloads = rows.map(
      ({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload) as unknown,
    );
    expect(payloads.reverse()).toEqual(messages.map(({ data }) => data));
  });

  it('contains neither id if it was stored before events had these fields', async () => {
    const reference = randomUUID();
    const account = await newAccount(wallet, 1_000n, reference);
    await charge(wallet, newPayment(reference, '1.00'));
    await database.rows("UPDATE event SET payload = JSON_REMOVE(payload, '$.order_id') ORDER BY position DESC LIMIT 1");
    expect(await summariesOf(account.accountId)).toEqual([['charge', 'completed', '', '']]);
    await receiveMessages(2);
  });
});
