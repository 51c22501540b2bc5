import {
  BUNDLE_BYTES_MAX,
  BUNDLE_COUNT_MAX,
  BUNDLE_TYPE,
  deadLetterQueue,
  encodeBundle,
  parseBundle,
} from '@souk/contracts';
import { eventually } from '@souk/testing';
import {
  count,
  countMessage,
  countQueue,
  silentLogger,
  startTestMessaging,
  type Count,
  type TestMessaging,
} from '../../test/start-test-messaging';
import type { Broker } from '../connection/broker';
import { encode, TO_QUEUE } from '../publishing/outgoing';
import type { Publisher } from '../publishing/publisher';
import { redrive } from '../redrive';
import { createRequester, type Requester } from '../requests/requester';
import { consumeBatches, type BatchConsumer } from './batch-consumer';
import { DONE, type Delivery, type Verdict } from './job-delivery';

const REQUESTS = 10;

let messaging: TestMessaging;
let requester: Requester;
let consumer: BatchConsumer | undefined;

type Handle = (batch: Delivery<Count>[]) => Promise<Verdict[]>;

async function start(handle?: Handle, batchMax = 100): Promise<void> {
  messaging = await startTestMessaging('bundles', (broker: Broker) => {
    requester = createRequester(broker, { logger: silentLogger, queues: [countQueue] });
    if (handle) consumer = consume(broker, handle, batchMax);
  });
}

const consume = (broker: Broker, handle: Handle, batchMax: number) =>
  consumeBatches(broker, {
    queue: countQueue,
    messages: [count],
    batchMax,
    logger: silentLogger,
    publisher: { publish: (copies) => messaging.publisher.publish(copies) } as Publisher,
    handle,
  });

afterEach(async () => {
  await consumer?.stop();
  consumer = undefined;
  await messaging.stop();
});

const numbers = (batch: readonly Delivery<Count>[]) => batch.map(({ message }) => message.data.n);

/** Replies to each job with its number. */
function replyWithNumbers(batch: readonly Delivery<Count>[]): void {
  messaging.publisher.reply(batch.map(({ replyAddress, message }) => ({ to: replyAddress!, body: message.data.n })));
}

const request = (n: number) =>
  requester.request(countQueue.name, countMessage({ n }), { timeoutMs: 10_000, isPersistent: true });
const requestAll = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => request(n)));

/** Publishes messages as one bundle. */
async function publishBundle(messages: readonly unknown[], queue = countQueue.name): Promise<void> {
  const content = encodeBundle(messages.map((message) => ({ requestId: undefined, content: encode(message) })));
  await messaging.publisher.publish([
    { exchange: TO_QUEUE, routingKey: queue, content, properties: { type: BUNDLE_TYPE } },
  ]);
}

test('requests made in the same turn of the event loop travel as one message', async () => {
  await start();
  const requests = requestAll(REQUESTS).catch(() => undefined);
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(1));
  const [message] = await messaging.server.drain(countQueue.name);
  expect(message!.properties.type).toBe(BUNDLE_TYPE);
  expect(parseBundle(message!.content)!.map(({ message: job }) => (job as Count).data.n)).toEqual(
    Array.from({ length: REQUESTS }, (_, n) => n),
  );
  messaging.server.cutConnections();
  await requests;
});

test('a request made alone travels as a message of its own', async () => {
  await start();
  const pending = request(1).catch(() => undefined);
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(1));
  const [message] = await messaging.server.drain(countQueue.name);
  expect(message!.properties.type).toBe('count');
  messaging.server.cutConnections();
  await pending;
});

test('each request of a bundle gets its own reply', async () => {
  await start((batch) => {
    replyWithNumbers(batch);
    return Promise.resolve(batch.map(() => DONE));
  });
  expect(await requestAll(REQUESTS)).toEqual(Array.from({ length: REQUESTS }, (_, n) => n));
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(0));
});

test('more requests than fit into a bundle travel in several', async () => {
  const TOTAL = 2 * BUNDLE_COUNT_MAX + 1;
  await start();
  const requests = requestAll(TOTAL).catch(() => undefined);
  const sizes: number[] = [];
  await eventually(async () => {
    for (const { content } of await messaging.server.drain(countQueue.name))
      sizes.push(parseBundle(content)?.length ?? 1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(TOTAL);
  });
  expect(Math.max(...sizes)).toBe(BUNDLE_COUNT_MAX);
  messaging.server.cutConnections();
  await requests;
});

test('replies that are too large for one bundle all reach their callers', async () => {
  const longText = 'x'.repeat(BUNDLE_BYTES_MAX / 2);
  await start((batch) => {
    messaging.publisher.reply(
      batch.map(({ replyAddress, message }) => ({ to: replyAddress!, body: { n: message.data.n, longText } })),
    );
    return Promise.resolve(batch.map(() => DONE));
  });
  expect(await requestAll(3)).toEqual([0, 1, 2].map((n) => ({ n, longText })));
});

test('a bundle to a deleted queue fails each of its requests as unavailable', async () => {
  await start();
  await messaging.server.deleteQueue(countQueue.name);
  const results = await Promise.allSettled(Array.from({ length: REQUESTS }, (_, n) => request(n)));
  for (const result of results) expect(result).toMatchObject({ reason: { kind: 'unavailable' } });
});

test('requests fail as unknown if the connection is lost after their bundle was sent', async () => {
  await start();
  const results = Promise.allSettled(Array.from({ length: REQUESTS }, (_, n) => request(n)));
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(1));
  messaging.server.cutConnections();
  for (const result of await results) expect(result).toMatchObject({ reason: { kind: 'timeout' } });
});

test('a job of a bundle that has to wait is retried alone, and its reply reaches its caller', async () => {
  const WAITING = 3;
  const batches: number[][] = [];
  await start((batch) => {
    batches.push(numbers(batch));
    const isWaiting = ({ message }: Delivery<Count>) => message.data.n === WAITING && batches.length === 1;
    replyWithNumbers(batch.filter((delivery) => !isWaiting(delivery)));
    return Promise.resolve(batch.map((delivery) => (isWaiting(delivery) ? { kind: 'wait', reason: 'test' } : DONE)));
  });
  expect(await requestAll(REQUESTS)).toEqual(Array.from({ length: REQUESTS }, (_, n) => n));
  expect(batches.slice(1)).toEqual([[WAITING]]);
});

test('an unreadable job of a bundle becomes a dead letter alone, with the reason, and its neighbours are handled', async () => {
  const seen: number[] = [];
  await start((batch) => {
    seen.push(...numbers(batch));
    return Promise.resolve(batch.map(() => DONE));
  });
  const unreadable = { ...countMessage({ n: 2 }), data: {} };
  await publishBundle([countMessage({ n: 1 }), unreadable, countMessage({ n: 3 })]);
  const deadLetters = deadLetterQueue(countQueue.name);
  await eventually(async () => expect(await messaging.server.messages(deadLetters)).toBe(1));
  const [letter] = await messaging.server.drain(deadLetters);
  expect(JSON.parse(letter!.content.toString())).toEqual(unreadable);
  expect(letter!.properties.headers).toMatchObject({ 'x-reason': expect.stringContaining('invalid data') });
  expect(seen).toEqual([1, 3]);
});

test('a bundle is redelivered as long as one of its jobs is unfinished', async () => {
  const seen: number[] = [];
  let isCut = false;
  await start(async (batch) => {
    seen.push(...numbers(batch));
    if (seen.includes(3) && !isCut) {
      isCut = true;
      await messaging.broker.ping();
      messaging.server.cutConnections();
    }
    return batch.map(() => DONE);
  }, 2);
  await publishBundle([1, 2, 3, 4].map((n) => countMessage({ n })));
  await eventually(() => expect(seen).toEqual([1, 2, 3, 4, 1, 2, 3, 4]));
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(0));
});

test('the jobs of a bundle that may be killing its consumer are handled one by one', async () => {
  const batches: number[][] = [];
  let deliveries = 0;
  await start((batch) => {
    batches.push(numbers(batch));
    if (++deliveries <= 2) messaging.server.cutConnections();
    return Promise.resolve(batch.map(() => DONE));
  });
  await publishBundle([1, 2, 3].map((n) => countMessage({ n })));
  await eventually(() => expect(batches.flat().length).toBeGreaterThanOrEqual(9));
  expect(batches.slice(0, 2)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(batches.slice(2)).toEqual([[1], [2], [3]]);
});

test('a bundle among the dead letters is redriven as separate jobs', async () => {
  const seen: number[] = [];
  await start((batch) => {
    seen.push(...numbers(batch));
    return Promise.resolve(batch.map(() => DONE));
  });
  const late = countMessage({ n: 2, notAfter: 1 });
  await publishBundle([countMessage({ n: 1 }), late], deadLetterQueue(countQueue.name));
  expect(await redrive(messaging.server.url, countQueue.name, { ageMaxHours: 1 })).toEqual({ redriven: 1, refused: 0 });
  await eventually(() => expect(seen.sort()).toEqual([1, 2]));
});
