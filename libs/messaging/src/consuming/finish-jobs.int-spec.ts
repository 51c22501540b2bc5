import { deadLetterQueue } from '@souk/contracts';
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
import type { Publisher } from '../publishing/publisher';
import { consumeBatches, type BatchConsumer } from './batch-consumer';
import type { Verdict } from './job-delivery';

let messaging: TestMessaging;
let consumingBroker: Broker;
let consumer: BatchConsumer;

async function consume(publisher: Publisher, handle: () => Promise<Verdict[]>): Promise<void> {
  const logger = silentLogger;
  consumingBroker = createBroker({ url: messaging.server.url, name: 'consumer', logger });
  consumer = consumeBatches(consumingBroker, {
    queue: countQueue,
    messages: [count],
    batchMax: 10,
    logger,
    publisher,
    handle,
  });
  consumingBroker.start();
  await eventually(() => consumingBroker.ping());
}

beforeEach(async () => {
  messaging = await startTestMessaging('finishing');
});

afterEach(async () => {
  await consumer.stop();
  await consumingBroker.stop();
  await messaging.stop();
});

const ENDINGS: [string, () => Promise<Verdict[]>][] = [
  ['that has to wait', () => Promise.resolve([{ kind: 'wait', reason: 'a dependency is down' }])],
  ['that can never be processed', () => Promise.resolve([{ kind: 'dead', reason: 'bad data' }])],
  ['that failed', () => Promise.reject(new Error('a bug'))],
];

test.each(ENDINGS)('a job %s stays in its queue until its copy is confirmed', async (_, handle) => {
  const { server, publisher } = messaging;
  await publisher.publish([outgoing(countQueue, countMessage({ n: 1 }))]);
  let failPublishing: ((error: Error) => void) | undefined;
  const neverConfirms: Publisher = {
    ...publisher,
    publish: () => new Promise((_resolve, reject) => (failPublishing = reject)),
  };
  await consume(neverConfirms, handle);
  await eventually(() => expect(failPublishing).toBeDefined());
  await consumingBroker.ping(); // any acknowledgement has reached the broker by now
  server.cutConnections();
  await eventually(() => expect(consumingBroker.isConnected()).toBe(false));
  const stopping = consumingBroker.stop();
  failPublishing?.(new Error('never confirmed'));
  await stopping;
  await eventually(async () => expect(await server.messages(countQueue.name)).toBe(1));
});

test('a job that has failed four times becomes a dead letter when it fails again', async () => {
  const { server, publisher } = messaging;
  const job = outgoing(countQueue, countMessage({ n: 1 }));
  await publisher.publish([{ ...job, properties: { ...job.properties, headers: { 'x-attempts': 4 } } }]);
  await consume(publisher, () => Promise.reject(new Error('a bug')));
  await eventually(async () => expect(await server.messages(deadLetterQueue(countQueue.name))).toBe(1));
  const [letter] = await server.drain(deadLetterQueue(countQueue.name));
  expect(letter?.properties.headers).toMatchObject({ 'x-reason': 'failed 5 times: Error: a bug' });
  expect(await server.messages(countQueue.name)).toBe(0);
});

test('a job that has failed three times is retried when it fails again', async () => {
  const { server, publisher } = messaging;
  const job = outgoing(countQueue, countMessage({ n: 1 }));
  await publisher.publish([{ ...job, properties: { ...job.properties, headers: { 'x-attempts': 3 } } }]);
  await consume(publisher, () => Promise.reject(new Error('a bug')));
  await eventually(async () => expect(await server.messages(`${countQueue.name}.retry.30000`)).toBe(1));
  expect(await server.messages(deadLetterQueue(countQueue.name))).toBe(0);
});
