import {
  cartQueriesQueue,
  CART_QUERIES,
  checkoutJobsQueue,
  checkoutResultsQueue,
  createMessage,
  deadLetterQueue,
  RETRY_DELAYS_MS,
  retryQueue,
  runCheckoutJob,
  undoCheckoutJob,
  type CartQuery,
  type CartQueryReply,
  type CheckoutJob,
} from '@souk/contracts';
import {
  createBroker,
  createPublisher,
  createRequester,
  observeConsumers,
  outgoing,
  serveQueries,
  type BatchConsumer,
  type Broker,
  type Publisher,
} from '@souk/messaging';
import { Counter, createLogger, createMetrics } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import type { GetMessage } from 'amqplib';
import type { CheckoutOutcome } from './checkout';
import { consumeCheckoutJobs } from './jobs';
import { createOrders } from './orders';

const logger = createLogger('test', 'silent');
const origin = { actor: 'ann', correlationId: 'c', causationId: 'c' };

let server: TestBroker;
let broker: Broker;
let publisher: Publisher;

beforeAll(async () => {
  server = await createTestBroker('checkout');
});

afterAll(() => server.drop());

async function connect(prepare: (broker: Broker) => void): Promise<void> {
  broker = createBroker({ url: server.url, name: 'test', logger });
  publisher = createPublisher(broker, logger, {
    consumes: [checkoutJobsQueue, checkoutResultsQueue, cartQueriesQueue],
  });
  prepare(broker);
  broker.start();
  await eventually(() => broker.ping());
}

afterEach(() => broker.stop());

function job(orderID: string): CheckoutJob {
  const items = [{ productID: 'lamp', quantity: 1, unitPrice: '5.00' }];
  return createMessage(runCheckoutJob, { orderID, clientID: 'ann', items, total: '5.00', currency: 'USD' }, origin);
}

function consume(resultPublisher: Publisher, run: (jobs: CheckoutJob[]) => Promise<CheckoutOutcome[]>): BatchConsumer {
  const metrics = createMetrics('test');
  const registers = [metrics];
  const outcomes = new Counter({ name: 'outcomes', help: 'outcomes', labelNames: ['outcome'], registers });
  const observed = observeConsumers(metrics);
  return consumeCheckoutJobs({ broker, publisher: resultPublisher, logger, batchMax: 16, observed, outcomes }, run);
}

test('each job of a batch gets its own outcome: a result, a retry, or a dead letter with its reason', async () => {
  const outcomes: Record<string, CheckoutOutcome> = {
    paid: { kind: 'completed' },
    slow: { kind: 'waiting', reason: 'the wallet is down' },
    poor: { kind: 'failed', code: 'PAYMENT_DECLINED', error: 'declined' },
    lost: { kind: 'broken', reason: 'no such order' },
    free: { kind: 'completed' },
  };
  await connect(() => undefined);
  const jobs = [...Object.keys(outcomes).map(job), createMessage(undoCheckoutJob, { orderID: 'lost' }, origin)];
  await publisher.publish(jobs.map((message) => outgoing(checkoutJobsQueue, message)));
  const batches: number[] = [];
  const consumer = consume(publisher, async (batch) => {
    batches.push(batch.length);
    if (batches.length === 1) {
      // Jobs may arrive in parts, and before the publisher has reconnected. The rest form the next batch.
      await eventually(async () => {
        await broker.ping();
        expect(await server.messages(checkoutJobsQueue.name)).toBe(0);
      });
    }
    return batch.map(({ data }) => outcomes[data.orderID]!);
  });
  server.cutConnections(); // the consumer starts when the broker reconnects
  await eventually(async () => expect(await server.messages(deadLetterQueue(checkoutJobsQueue.name))).toBe(2));
  await consumer.stop();
  expect(Math.max(...batches)).toBeGreaterThan(1);

  const results = (await server.drain(checkoutResultsQueue.name)).map(
    ({ content }) => JSON.parse(content.toString()) as { type: string; data: { orderID: string } },
  );
  expect(results.map(({ type, data }) => [type, data.orderID])).toEqual([
    ['checkout.completed', 'paid'],
    ['checkout.failed', 'poor'],
    ['checkout.completed', 'free'],
  ]);
  const dead = await server.drain(deadLetterQueue(checkoutJobsQueue.name));
  expect(dead.map(({ properties }) => properties.headers?.['x-reason'] as unknown)).toEqual([
    'no such order',
    'no such order',
  ]);
  // Only the waiting job is still queued.
  const queues = [
    checkoutJobsQueue.name,
    ...RETRY_DELAYS_MS.map((delayMs) => retryQueue(checkoutJobsQueue.name, delayMs)),
  ];
  const queued: GetMessage[] = [];
  await eventually(async () => {
    for (const queue of queues) queued.push(...(await server.drain(queue)));
    expect(queued).not.toEqual([]);
  });
  expect(queued.map(({ content }) => (JSON.parse(content.toString()) as CheckoutJob).data.orderID)).toEqual(['slow']);
});

test('if the broker refuses the result with its shortages, the order fails without them', async () => {
  await connect(() => undefined);
  await publisher.publish([outgoing(checkoutJobsQueue, job('short'))]);
  const shortages = Array.from({ length: 2_000 }, (_, n) => ({ productID: `p-${n}`, requested: 2, available: 1 }));
  const publisherOfSmallMessages: Publisher = {
    ...publisher,
    publish: (messages) =>
      publisher.publish(
        messages.map(({ content, smaller = content, ...message }) => ({
          ...message,
          content: content.length > 10_000 ? smaller : content,
        })),
      ),
  };
  const failed: CheckoutOutcome = { kind: 'failed', code: 'INSUFFICIENT_STOCK', error: 'short', shortages };
  const consumer = consume(publisherOfSmallMessages, (batch) => Promise.resolve(batch.map(() => failed)));
  server.cutConnections(); // the consumer starts when the broker reconnects
  const [result] = await eventually(async () => {
    const results = await server.drain(checkoutResultsQueue.name);
    expect(results).toHaveLength(1);
    return results;
  });
  await consumer.stop();
  expect((JSON.parse(result!.content.toString()) as { data: unknown }).data).toEqual({
    orderID: 'short',
    code: 'INSUFFICIENT_STOCK',
    error: 'short',
  });
  expect(await server.messages(deadLetterQueue(checkoutJobsQueue.name))).toBe(0);
});

describe('the query for existing orders', () => {
  async function connectOrders(answer?: (query: CartQuery) => CartQueryReply) {
    let orders!: ReturnType<typeof createOrders>;
    await connect((connecting) => {
      orders = createOrders(createRequester(connecting, { logger, queues: [cartQueriesQueue] }));
      if (!answer) return;
      serveQueries(
        connecting,
        { ...cartQueriesQueue, messages: CART_QUERIES },
        {
          logger,
          publisher,
          batchMax: 16,
          answer: (queries) => Promise.resolve(queries.map(answer)),
          answerFailure: { unavailable: true },
        },
      );
    });
    return orders;
  }

  test('returns the orders that exist, and whether the cancellation of each was requested', async () => {
    const queries: unknown[] = [];
    const orders = await connectOrders((query) => {
      queries.push(query.data);
      return { existing: ['one', 'two'], cancelling: ['two'] };
    });
    const answer = await orders.find(['one', 'two', 'three']);
    expect([...answer]).toEqual([
      ['one', { isCancelling: false }],
      ['two', { isCancelling: true }],
    ]);
    expect(queries).toEqual([{ orderIDs: ['one', 'two', 'three'] }]);
  });

  test('is unavailable while the database is down, so the jobs wait', async () => {
    const orders = await connectOrders(() => ({ unavailable: true }));
    await expect(orders.find(['one'])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('times out while the cart worker is down, so the jobs wait', async () => {
    const orders = await connectOrders();
    await expect(orders.find(['one'])).rejects.toMatchObject({ kind: 'timeout', retryable: true });
  });
});
