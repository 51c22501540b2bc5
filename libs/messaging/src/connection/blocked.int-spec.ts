import { createDatabase, migrate } from '@souk/database';
import { BLOCKED_FRAME, createTestDatabase, eventually } from '@souk/testing';
import {
  count,
  countMessage,
  countQueue,
  silentLogger,
  startTestMessaging,
  type TestMessaging,
} from '../../test/start-test-messaging';
import { consumeBatches } from '../consuming/batch-consumer';
import type { Verdict } from '../consuming/job-delivery';
import { OUTBOX_TABLE, writeOutbox } from '../publishing/outbox';
import { createOutboxRelay } from '../publishing/outbox-relay';
import { outgoing } from '../publishing/outgoing';
import { createPublisher } from '../publishing/publisher';
import { createBroker } from './broker';

/** A process has 10 s to stop, and messaging is only one part of it. */
const STOPS_WITHIN_MS = 5_000;

/** Class and method ids of `confirm.select-ok`, the broker's last response during set-up. */
const CONFIRM_SELECT_OK = Buffer.from([0, 85, 0, 11]);

let messaging: TestMessaging;

beforeEach(async () => {
  messaging = await startTestMessaging('blocked');
});

afterEach(() => messaging.stop());

async function expectTimelyStop(stop: () => Promise<unknown>): Promise<void> {
  const startedAt = Date.now();
  await stop();
  expect(Date.now() - startedAt).toBeLessThan(STOPS_WITHIN_MS);
}

const job = () => outgoing(countQueue, countMessage({ n: 1 }));

test('unconfirmed messages fail at once when the broker blocks publishers', async () => {
  messaging.server.blockConnections();
  const startedAt = Date.now();
  await expect(messaging.publisher.publish([job()])).rejects.toMatchObject({ kind: 'unavailable' });
  expect(Date.now() - startedAt).toBeLessThan(2_000);
  await expect(messaging.broker.ping()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('during an alarm even a connection that has never published is not ready: a message would not be confirmed', async () => {
  const { broker, server } = messaging;
  await broker.checkPublishing();
  server.blockPublishing();
  await broker.ping(); // the broker still responds
  const startedAt = Date.now();
  await expect(broker.checkPublishing()).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(broker.checkPublishing()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(Date.now() - startedAt).toBeLessThan(2_000);
});

test('a worker that has replied can connect again during an alarm', async () => {
  const { broker, publisher, server } = messaging;
  // Runs after the publisher's set-up, like that of a consumer.
  broker.onSetup(async (model, step) => void (await step('opening a channel', model.createChannel())));
  publisher.reply([{ to: { replyTo: 'nobody', correlationId: 'c' }, body: {} }]);
  await broker.checkPublishing();
  server.blockPublishing();
  const connected = new Promise<void>((resolve) => broker.onConnected(resolve));
  server.cutConnections();
  await connected;
});

test('a connection that the broker blocks at the end of its set-up counts as blocked', async () => {
  const { server } = messaging;
  const broker = createBroker({ url: server.url, name: 'test', logger: silentLogger });
  const connected = new Promise<void>((resolve) => broker.onConnected(resolve));
  server.alterAnswers((chunk) => (chunk.includes(CONFIRM_SELECT_OK) ? Buffer.concat([chunk, BLOCKED_FRAME]) : chunk));
  broker.start();
  await connected;
  const isUsable = broker.isConnected();
  await broker.stop();
  expect(isUsable).toBe(false);
});

test.each<[string, () => Promise<Verdict[]>]>([
  ['done', () => Promise.resolve([{ kind: 'done' }])],
  ['to be republished', () => Promise.resolve([{ kind: 'wait', reason: 'a dependency is down' }])],
])('a blocked consumer whose job is %s stops in time, and the job stays queued', async (_, verdictsOf) => {
  const { server, publisher } = messaging;
  await publisher.publish([job()]);
  let finish: (() => void) | undefined;
  const consumingBroker = createBroker({ url: server.url, name: 'consumer', logger: silentLogger });
  const consumer = consumeBatches(consumingBroker, {
    queue: countQueue,
    messages: [count],
    batchMax: 10,
    logger: silentLogger,
    publisher: createPublisher(consumingBroker, silentLogger, { consumes: [countQueue] }),
    handle: async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return verdictsOf();
    },
  });
  consumingBroker.start();
  await eventually(() => expect(finish).toBeDefined());
  server.blockConnections();
  finish!();
  await expectTimelyStop(async () => {
    await consumer.stop();
    await consumingBroker.stop();
  });
  server.cutConnections();
  await eventually(async () => expect(await server.messages(countQueue.name)).toBe(1));
});

test('a blocked outbox relay stops in time and keeps the unpublished messages', async () => {
  const { server, publisher, broker } = messaging;
  const schema = await createTestDatabase('blocked');
  await migrate(schema.url, [{ name: '0001-outbox', statements: [OUTBOX_TABLE] }]);
  const db = createDatabase({ url: schema.url, poolSize: 4, acquireTimeoutMs: 2_000, statementTimeoutMs: 5_000 });
  const relay = createOutboxRelay(db, publisher, silentLogger);
  relay.start();
  server.blockConnections();
  relay.nudge(await db.transaction((tx) => writeOutbox(tx, [job(), job()])));
  await expectTimelyStop(async () => {
    await relay.stop();
    await broker.stop();
  });
  const [row] = await schema.rows<{ content: string }>('SELECT content FROM outbox');
  expect(JSON.parse(row!.content)).toHaveLength(2);
  await db.close();
  await schema.drop();
});
