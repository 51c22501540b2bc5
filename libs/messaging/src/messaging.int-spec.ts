import {
  createMessage,
  deadLetterQueue,
  declareMessage,
  type JobQueue,
  type MessageOf,
  type QueryQueue,
} from '@souk/contracts';
import { createLogger, unavailable } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import type { Channel, Message } from 'amqplib';
import { z } from 'zod';
import { createBroker, type Broker } from './connection/broker';
import { consumeBatches, type BatchConsumer } from './consuming/batch-consumer';
import { DONE, type Delivery, type Verdict } from './consuming/job-delivery';
import { outgoing, TO_QUEUE } from './publishing/outgoing';
import { createPublisher, type Publisher } from './publishing/publisher';
import { serveQueries } from './requests/query-server';
import { createRequester, type Requester } from './requests/requester';

const count = declareMessage({ type: 'count', version: 1, summary: '', data: z.object({ n: z.number() }) });
type Count = MessageOf<typeof count>;
const queue: JobQueue = { kind: 'jobs', name: 'cart-worker.jobs', summary: '', messages: [count] };
const queries: QueryQueue & { messages: [typeof count] } = {
  kind: 'queries',
  name: 'cart-worker.queries',
  summary: '',
  messages: [count],
};
const logger = createLogger('test', 'silent');
const message = (n: number) => createMessage(count, { n }, { actor: 'test', correlationId: 'c', causationId: 'c' });

let server: TestBroker;
let broker: Broker;
let publisher: Publisher;
let requester: Requester;
const consumers: BatchConsumer[] = [];

type Handle = (batch: Delivery<Count>[]) => Promise<Verdict[]>;

function consume(newBroker: Broker, batchMax: number, handle: Handle, gatherMs = 0): void {
  consumers.push(
    consumeBatches(newBroker, { queue, messages: [count], batchMax, gatherMs, logger, publisher, handle }),
  );
}

/** Opens a connection after `prepare` has registered its set-ups. */
async function connect(prepare: (broker: Broker) => void): Promise<void> {
  broker = createBroker({ url: server.url, name: 'test', logger });
  publisher = createPublisher(broker, logger, { consumes: [queue, queries] });
  requester = createRequester(broker, { logger, queues: [queue, queries] });
  prepare(broker);
  broker.start();
  await eventually(() => broker.ping());
}

/** `connection.close`, as the broker sends it. Source: AMQP 0-9-1, 4.2.3 and 1.5.2.3. */
function closeFrame(code: number, text: string): Buffer {
  const payload = Buffer.concat([
    Buffer.from([0, 10, 0, 50, code >> 8, code & 255, text.length]),
    Buffer.from(text),
    Buffer.from([0, 0, 0, 0]),
  ]);
  const header = Buffer.from([1, 0, 0, 0, 0, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([header, payload, Buffer.from([0xce])]);
}

beforeEach(async () => {
  server = await createTestBroker('messaging');
});

afterEach(async () => {
  for (const consumer of consumers.splice(0)) await consumer.stop();
  await broker.stop();
  await server.drop();
});

test('jobs that are waiting are handled in batches, each job once', async () => {
  const handledNumbers: number[] = [];
  const sizes: number[] = [];
  await connect(() => undefined);
  await publisher.publish(Array.from({ length: 50 }, (_, n) => outgoing(queue, message(n))));
  await broker.stop();
  await connect((newBroker) =>
    consume(newBroker, 20, (batch) => {
      sizes.push(batch.length);
      handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
      return Promise.resolve(batch.map(() => DONE));
    }),
  );
  await eventually(() => expect(handledNumbers.length).toBe(50));
  expect([...handledNumbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(Math.max(...sizes)).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  await eventually(async () => expect(await server.messages(queue.name)).toBe(0));
});

test('a light job overtakes heavy ones, and each job is acknowledged individually', async () => {
  const batches: number[][] = [];
  const weights: Record<number, number> = { 100: 1 };
  const FIRST = 99;
  await connect(() => undefined);
  await publisher.publish([outgoing(queue, message(FIRST))]);
  await broker.stop();
  let release: (() => void) | undefined;
  await connect((newBroker) =>
    consumers.push(
      consumeBatches(newBroker, {
        queue,
        messages: [count],
        batchMax: 20,
        logger,
        publisher,
        weigh: (messages) => Promise.resolve(messages.map(({ data }) => weights[data.n] ?? 1_500)),
        handle: async (batch) => {
          const numbers = batch.map((delivery) => delivery.message.data.n);
          batches.push(numbers);
          // The other jobs arrive while the first is handled, so all of them are waiting when the next batch is chosen.
          if (numbers.includes(FIRST) && batches.length === 1) {
            await eventually(() => broker.ping());
            await publisher.publish([0, 1, 2, 3, 100].map((n) => outgoing(queue, message(n))));
            await eventually(async () => expect(await server.messages(queue.name)).toBe(0));
            await broker.ping();
          }
          if (numbers.includes(2) && !release) await new Promise<void>((resolve) => (release = resolve));
          return batch.map(() => DONE);
        },
      }),
    ),
  );
  await eventually(() => expect(release).toBeDefined());
  expect(batches).toEqual([[FIRST], [0, 100], [1], [2]]);
  // Once the broker has responded on the same connection, it has processed the acknowledgements.
  await broker.ping();
  server.cutConnections();
  release!();
  // Only unacknowledged jobs are redelivered.
  await eventually(async () => expect(await server.messages(queue.name)).toBe(0));
  await eventually(() => expect(new Set(batches.slice(4).flat())).toEqual(new Set([2, 3])));
});

test('a partial batch waits for more jobs, and is handled as soon as it is full', async () => {
  const batches: number[][] = [];
  await connect((newBroker) =>
    consume(
      newBroker,
      3,
      (batch) => {
        batches.push(batch.map((delivery) => delivery.message.data.n));
        return Promise.resolve(batch.map(() => DONE));
      },
      600_000,
    ),
  );
  for (const n of [1, 2, 3]) {
    expect(batches).toEqual([]);
    await publisher.publish([outgoing(queue, message(n))]);
  }
  await eventually(() => expect(batches).toEqual([[1, 2, 3]]));
  await publisher.publish([outgoing(queue, message(4))]);
  await consumers.pop()!.stop();
  await broker.stop();
  await eventually(async () => expect(await server.messages(queue.name)).toBe(1));
  expect(batches.length).toBe(1);
});

test('a partial batch is handled once its wait is over', async () => {
  const handledNumbers: number[] = [];
  await connect((newBroker) =>
    consume(
      newBroker,
      3,
      (batch) => {
        handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
        return Promise.resolve(batch.map(() => DONE));
      },
      20,
    ),
  );
  for (const n of [1, 2]) {
    await publisher.publish([outgoing(queue, message(n))]);
    await eventually(() => expect(handledNumbers).toContain(n));
  }
});

test('a job is redelivered if the connection is lost before it is acknowledged', async () => {
  const handledNumbers: number[] = [];
  let release: () => void = () => undefined;
  await connect((newBroker) =>
    consume(newBroker, 10, async (batch) => {
      handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
      if (handledNumbers.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return batch.map(() => DONE);
    }),
  );
  await publisher.publish([outgoing(queue, message(1))]);
  await eventually(() => expect(handledNumbers).toEqual([1]));
  server.cutConnections();
  await eventually(() => expect(broker.isConnected()).toBe(false));
  release();
  await eventually(() => expect(handledNumbers).toEqual([1, 1]));
});

test('a connection that closes at the moment its set-up ends is detected and reopened', async () => {
  // The last response of the set-up and the broker's close arrive together, as can happen when the broker shuts down.
  const CONSUME_OK = Buffer.from([0, 60, 0, 21]);
  const CHANNEL_OPEN_OK = Buffer.from([0, 20, 0, 11]);
  let isConsuming = false;
  let isDone = false;
  server.alterAnswers((chunk) => {
    isConsuming ||= chunk.includes(CONSUME_OK);
    if (isDone || !isConsuming || !chunk.includes(CHANNEL_OPEN_OK)) return chunk;
    isDone = true;
    return Buffer.concat([chunk, closeFrame(320, 'CONNECTION_FORCED')]);
  });
  const handledNumbers: number[] = [];
  await connect((newBroker) =>
    consume(newBroker, 10, (batch) => {
      handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
      return Promise.resolve(batch.map(() => DONE));
    }),
  );
  await eventually(async () => {
    await publisher.publish([outgoing(queue, message(1))]);
    expect(handledNumbers).toContain(1);
  });
  expect(isDone).toBe(true);
});

test('a channel that fails during a batch does not crash the process, and the job is redelivered', async () => {
  const handledNumbers: number[] = [];
  let isFirst = true;
  await connect((newBroker) => {
    let consuming: Channel | undefined;
    newBroker.onSetup((model) => {
      const create = model.createChannel.bind(model);
      model.createChannel = async (options) => (consuming = await create(options));
      return Promise.resolve();
    });
    consume(newBroker, 10, async (batch) => {
      handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
      if (isFirst) {
        isFirst = false;
        const closed = new Promise((resolve) => consuming!.once('close', resolve));
        consuming!.ack({ fields: { deliveryTag: 9_999 } } as Message); // the broker closes the channel: no such delivery
        await closed;
      }
      return batch.map(() => DONE);
    });
  });
  await publisher.publish([outgoing(queue, message(7))]);
  await eventually(() => expect(handledNumbers).toEqual([7, 7]));
});

test('an unreadable message is dead-lettered at once with the reason, and the rest of its batch is handled', async () => {
  const handledNumbers: number[] = [];
  await connect(() => undefined);
  const poison = { exchange: TO_QUEUE, routingKey: queue.name, content: Buffer.from('{"type":"count"') };
  await publisher.publish([outgoing(queue, message(1)), poison, outgoing(queue, message(2))]);
  await broker.stop();
  await connect((newBroker) =>
    consume(newBroker, 10, (batch) => {
      handledNumbers.push(...batch.map((delivery) => delivery.message.data.n));
      return Promise.resolve(batch.map(() => DONE));
    }),
  );
  await eventually(() => expect(handledNumbers).toEqual([1, 2]));
  const [dead] = await eventually(async () => {
    const letters = await server.drain(deadLetterQueue(queue.name));
    expect(letters).toHaveLength(1);
    return letters;
  });
  expect(dead?.properties.headers).toMatchObject({ 'x-reason': 'the message is not JSON' });
});

test('while a dependency is down a batch waits without using up attempts, and is handled once the dependency is back', async () => {
  let tryCount = 0;
  await connect((newBroker) =>
    consume(newBroker, 10, (batch) => {
      if (++tryCount <= 3) return Promise.reject(unavailable('the database'));
      return Promise.resolve(batch.map(() => DONE));
    }),
  );
  await publisher.publish([outgoing(queue, message(1))]);
  await eventually(() => expect(tryCount).toBe(4));
  await eventually(async () => expect(await server.messages(queue.name)).toBe(0));
  expect(await server.messages(deadLetterQueue(queue.name))).toBe(0);
});

test('a failing job does not affect the other jobs of its batch', async () => {
  const handledJobs = new Set<number>();
  await connect(() => undefined);
  await publisher.publish([1, 2, 3].map((n) => outgoing(queue, message(n))));
  await broker.stop();
  await connect((newBroker) =>
    consume(newBroker, 10, (batch) => {
      if (batch.some((delivery) => delivery.message.data.n === 2)) return Promise.reject(new Error('bad data'));
      batch.forEach((delivery) => handledJobs.add(delivery.message.data.n));
      return Promise.resolve(batch.map(() => DONE));
    }),
  );
  await eventually(() => expect([...handledJobs].sort()).toEqual([1, 3]));
  await eventually(async () => expect(await server.messages(queue.name)).toBe(0));
});

test('a query is answered; a request without a reply times out, and its outcome is reported as unknown', async () => {
  await connect((newBroker) =>
    serveQueries(newBroker, queries, {
      logger,
      publisher,
      batchMax: 10,
      answer: (batch) => Promise.resolve(batch.map(({ data }) => ({ twice: data.n * 2 }))),
      answerFailure: { twice: -1 },
    }),
  );
  expect(await requester.request(queries.name, message(21), { timeoutMs: 5_000, isPersistent: false })).toEqual({
    twice: 42,
  });
  await expect(requester.request(queue.name, message(1), { timeoutMs: 50, isPersistent: true })).rejects.toMatchObject({
    kind: 'timeout',
  });
});

test('if the connection is cut after a job was sent, its outcome is unknown, never "nothing was done"', async () => {
  await connect(() => undefined);
  for (let round = 0; round < 5; round++) {
    await eventually(() => broker.ping());
    const sent = requester.request(queue.name, message(round), { timeoutMs: 5_000, isPersistent: true });
    server.cutConnections();
    await expect(sent).rejects.toMatchObject({ kind: 'timeout' });
  }
});

test('without a broker a request is refused before anything is sent', async () => {
  await connect(() => undefined);
  await broker.stop();
  await expect(
    requester.request(queue.name, message(1), { timeoutMs: 5_000, isPersistent: true }),
  ).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a request that a full queue refuses fails as unavailable, since nothing was done', async () => {
  await connect(() => undefined);
  const full: JobQueue = { ...queue, name: 'cart-worker.checkout-results' };
  createPublisher(broker, logger, { consumes: [full] });
  await server.limitQueue(full.name, 1);
  await broker.stop();
  await connect((newBroker) => createPublisher(newBroker, logger, { consumes: [full] }));
  await publisher.publish([outgoing(full, message(0))]);
  const sendMore = () => requester.request(full.name, message(1), { timeoutMs: 100, isPersistent: true });
  // A queue may exceed its limit by a message or two: RabbitMQ counts only the messages that its log has applied.
  await eventually(() => expect(sendMore()).rejects.toMatchObject({ kind: 'unavailable' }));
});

test('a message that is too large is refused; the others in its batch and later messages are confirmed', async () => {
  await connect(() => undefined);
  const huge = { ...outgoing(queue, message(1)), content: Buffer.alloc(128 * 1024 * 1024 + 1, ' ') };
  const [first] = await publisher.publishEach([huge]);
  expect(first).toMatchObject({ kind: 'refused' });
  await eventually(() => broker.ping());
  const results = await publisher.publishEach([outgoing(queue, message(2)), huge, outgoing(queue, message(3))]);
  expect(results.map(({ kind }) => kind)).toEqual(['confirmed', 'refused', 'confirmed']);
  await expect(publisher.publish([huge])).rejects.toMatchObject({ kind: 'invalid' });
  expect(await server.messages(queue.name)).toBe(2);
});
