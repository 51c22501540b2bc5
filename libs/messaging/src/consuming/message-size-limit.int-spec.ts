import { deadLetterQueue, type JobQueue, type QueryQueue } from '@souk/contracts';
import {
  createTestBroker,
  eventually,
  ENGINE_START_TIMEOUT_MS,
  startTestRabbitmqServer,
  type TestBroker,
  type TestRabbitmqServer,
} from '@souk/testing';
import { count, countMessage, countQueue, silentLogger as logger, type Count } from '../../test/start-test-messaging';
import { createBroker, type Broker } from '../connection/broker';
import { encode, outgoing, type Outgoing } from '../publishing/outgoing';
import { createPublisher, type Publisher } from '../publishing/publisher';
import { serveQueries } from '../requests/query-server';
import { createRequester, type Requester } from '../requests/requester';
import { consumeBatches, type BatchConsumer } from './batch-consumer';
import { DONE, type Verdict } from './job-delivery';

/** A broker that accepts messages of at most 128 KiB. */
let rabbitmq: TestRabbitmqServer;
const BYTES_MAX = 131_072;

const queries: QueryQueue & { messages: [typeof count] } = {
  kind: 'queries',
  name: 'cart-worker.queries',
  summary: '',
  messages: [count],
};
const otherQueue: JobQueue = { ...countQueue, name: 'checkout-worker.jobs' };

let server: TestBroker;
let broker: Broker;
let publisher: Publisher;
let requester: Requester;
let consumer: BatchConsumer | undefined;

beforeAll(async () => {
  rabbitmq = await startTestRabbitmqServer(`max_message_size = ${BYTES_MAX}`);
}, ENGINE_START_TIMEOUT_MS);

afterAll(() => rabbitmq.stop());

beforeEach(async () => {
  server = await createTestBroker('small', rabbitmq.engine);
});

afterEach(async () => {
  await consumer?.stop();
  consumer = undefined;
  await broker.stop();
  await server.drop();
});

async function connect(prepare: (broker: Broker) => void = () => undefined): Promise<void> {
  broker = createBroker({ url: server.url, name: 'test', logger });
  publisher = createPublisher(broker, logger, { consumes: [countQueue, otherQueue, queries] });
  requester = createRequester(broker, { logger, queues: [countQueue, queries] });
  prepare(broker);
  broker.start();
  await eventually(() => broker.ping());
}

const ask = (n: number) =>
  requester.request(queries.name, countMessage({ n }), { timeoutMs: 10_000, isPersistent: false });

const tooLarge = { text: 'x'.repeat(BYTES_MAX) };

test('once the broker has refused a message as too large, its smaller version is sent instead', async () => {
  await connect();
  const message = { ...outgoing(countQueue, countMessage({ n: 1 })), content: encode(tooLarge) };
  const smaller = encode({ n: 2 });
  await eventually(() => publisher.publish([{ ...message, smaller }]));
  const messages = await server.drain(countQueue.name);
  expect(messages.map(({ content }) => content.toString())).toEqual(['{"n":2}']);
  await expect(eventually(() => publisher.publish([message]), 100)).rejects.toMatchObject({ kind: 'invalid' });
});

test('a reply that is too large is replaced, and the other replies reach their callers', async () => {
  const serve = (newBroker: Broker) =>
    serveQueries(
      newBroker,
      { ...queries, messages: [count] },
      {
        logger,
        publisher,
        batchMax: 10,
        answer: (batch): Promise<unknown[]> =>
          Promise.resolve(batch.map(({ data }) => (data.n === 0 ? tooLarge : { n: data.n }))),
        answerFailure: { unavailable: true },
      },
    );
  await connect(serve);
  // The first reply closes the connection because the broker doesn't announce its limit in advance.
  await ask(0).catch((error: unknown) => expect(error).toMatchObject({ kind: 'timeout' }));
  await eventually(() => broker.ping());
  expect(await Promise.all([ask(1), ask(0), ask(2)])).toEqual([{ n: 1 }, { unavailable: true }, { n: 2 }]);
});

test('replies that the broker did not receive are sent again on the next connection', async () => {
  const askingBroker = createBroker({ url: server.url, name: 'asking', logger });
  const otherRequester = createRequester(askingBroker, { logger, queues: [queries] });
  const nobody = { replyTo: 'nobody', correlationId: 'none' };
  let answers = 0;
  const answer = (batch: Count[]): Promise<unknown[]> => {
    answers++;
    // The broker closes the channel because of this reply, and discards what follows on it.
    if (answers === 1) publisher.reply([{ to: nobody, body: tooLarge, smaller: {} }]);
    return Promise.resolve(batch.map(({ data }) => ({ n: data.n, answer: answers })));
  };
  let connects = 0;
  await connect((newBroker) => {
    newBroker.onConnected(() => connects++);
    serveQueries(
      newBroker,
      { ...queries, messages: [count] },
      { logger, publisher, batchMax: 10, answer, answerFailure: {} },
    );
  });
  askingBroker.start();
  await eventually(() => askingBroker.ping());
  const options = { timeoutMs: 10_000, isPersistent: false };
  const answered = await otherRequester
    .request(queries.name, countMessage({ n: 5 }), options)
    .finally(() => askingBroker.stop());
  expect(answered).toEqual({ n: 5, answer: 1 });
  expect(connects).toBe(2);
});

test("if the broker refuses a job's copy for the dead-letter queue, that job is rejected and the others are acknowledged", async () => {
  await connect();
  await publisher.publish([1, 2, 3].map((n) => outgoing(countQueue, countMessage({ n }))));
  await broker.stop();
  let handled = 0;
  await connect((newBroker) => {
    // Simulates a limit that was lowered after the job was published.
    const grow = (message: Outgoing) =>
      message.content.toString().includes('"n":2') ? { ...message, content: encode(tooLarge) } : message;
    consumer = consumeBatches(newBroker, {
      queue: countQueue,
      messages: [count],
      batchMax: 10,
      logger,
      publisher: { ...publisher, publish: (messages) => publisher.publish(messages.map(grow)) },
      handle: (batch) => {
        handled += batch.length;
        return Promise.resolve(
          batch.map(({ message }): Verdict => (message.data.n === 1 ? DONE : { kind: 'dead', reason: 'no use' })),
        );
      },
    });
  });
  const dead = deadLetterQueue(countQueue.name);
  const reasons = new Map<number, unknown>();
  await eventually(async () => {
    for (const { content, properties } of await server.drain(dead))
      reasons.set((JSON.parse(content.toString()) as Count).data.n, properties.headers?.['x-reason']);
    expect([...reasons].sort()).toEqual([
      [2, undefined], // dead-lettered by the broker because the job was rejected
      [3, 'no use'],
    ]);
  });
  await eventually(async () => expect(await server.messages(countQueue.name)).toBe(0));
  expect(handled).toBeLessThan(20); // fewer than the broker's delivery limit
});
