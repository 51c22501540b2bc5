import { eventually } from '@souk/testing';
import {
  count,
  countMessage,
  countQueue,
  silentLogger,
  startTestMessaging,
  type TestMessaging,
} from '../../test/start-test-messaging';
import { createBroker, type Broker } from '../connection/broker';
import { outgoing } from '../publishing/outgoing';
import { consumeBatches, type BatchConsumer } from './batch-consumer';
import { DONE, type Verdict } from './job-delivery';

let messaging: TestMessaging;
let consumingBroker: Broker;
let consumer: BatchConsumer;
/** The numbers of the jobs in each batch, in the order in which the batches started. */
let batches: number[][];
/** Functions that end the batches, in the same order. */
let endings: (() => void)[];

beforeEach(async () => {
  messaging = await startTestMessaging('batches');
  batches = [];
  endings = [];
  consumingBroker = createBroker({ url: messaging.server.url, name: 'consumer', logger: silentLogger });
  consumer = consumeBatches(consumingBroker, {
    queue: countQueue,
    messages: [count],
    batchMax: 10,
    logger: silentLogger,
    publisher: messaging.publisher,
    handle: (batch) => {
      batches.push(batch.map(({ message }) => message.data.n));
      return new Promise<Verdict[]>((resolve) => endings.push(() => resolve(batch.map(() => DONE))));
    },
  });
  consumingBroker.start();
  await eventually(() => consumingBroker.ping());
});

afterEach(async () => {
  for (const end of endings) end();
  await consumer.stop();
  await consumingBroker.stop();
  await messaging.stop();
});

const send = (n: number, headers?: Record<string, number>) =>
  messaging.publisher.publish([
    { ...outgoing(countQueue, countMessage({ n })), ...(headers && { properties: { headers } }) },
  ]);
const startedBatches = (count: number) => eventually(() => expect(batches).toHaveLength(count));

test('jobs that arrive while a batch is in flight form the next one', async () => {
  await send(1);
  await startedBatches(1);
  await send(2);
  await send(3);
  await consumingBroker.ping(); // both have been delivered by now
  expect(batches).toEqual([[1]]);
  endings[0]!();
  await startedBatches(2);
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a job that may be crashing its consumer is handled alone', async () => {
  await send(1);
  await startedBatches(1);
  await send(2, { 'x-suspect': 2 });
  await send(3, { 'x-suspect': 2 });
  await send(4);
  await consumingBroker.ping(); // all have been delivered by now
  expect(batches).toEqual([[1]]);
  endings[0]!();
  await startedBatches(2);
  await consumingBroker.ping();
  expect(batches).toEqual([[1], [2]]);
  endings[1]!();
  await startedBatches(3);
  expect(batches).toEqual([[1], [2], [3]]);
  endings[2]!();
  await startedBatches(4);
  expect(batches).toEqual([[1], [2], [3], [4]]);
});

test('a consumer that stops acknowledges its last batch, even if the connection is closed right after it', async () => {
  await send(1);
  await startedBatches(1);
  const stopped = consumer.stop().then(() => consumingBroker.stop());
  await consumingBroker.ping(); // the cancellation has been sent by now
  endings[0]!();
  await stopped;
  expect(await messaging.server.drain(countQueue.name)).toEqual([]);
});
