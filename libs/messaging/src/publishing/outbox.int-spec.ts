import { createMessage, declareMessage, parseBundle, type JobQueue } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createLogger } from '@souk/service';
import { createTestBroker, createTestDatabase, eventually, type TestBroker, type TestDatabase } from '@souk/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createBroker, type Broker } from '../connection/broker';
import { lockOutbox, OUTBOX_TABLE, writeOutbox } from './outbox';
import { createOutboxRelay, type OutboxRelay } from './outbox-relay';
import { outgoing, TO_QUEUE } from './outgoing';
import { createPublisher, type Publisher } from './publisher';

const note = declareMessage({ type: 'note', version: 1, summary: '', data: z.object({ n: z.number() }) });
const queue: JobQueue = { kind: 'jobs', name: 'checkout-worker.jobs', summary: '', messages: [note] };
const logger = createLogger('test', 'silent');
const messages = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    outgoing(queue, createMessage(note, { n }, { actor: 'test', correlationId: 'c', causationId: 'c' })),
  );

const numberOf = (content: Buffer) => (JSON.parse(content.toString()) as { data: { n: number } }).data.n;

let server: TestBroker;
let schema: TestDatabase;
let db: Database;
let broker: Broker;
let publisher: Publisher;
let relay: OutboxRelay;

beforeEach(async () => {
  server = await createTestBroker('outbox');
  schema = await createTestDatabase('outbox');
  await migrate(schema.url, [{ name: '0001-outbox', statements: [OUTBOX_TABLE] }]);
  db = createDatabase({ url: schema.url, poolSize: 4, acquireTimeoutMs: 2_000, statementTimeoutMs: 5_000 });
  broker = createBroker({ url: server.url, name: 'test', logger });
  publisher = createPublisher(broker, logger, { consumes: [queue] });
  relay = createOutboxRelay(db, publisher, logger);
});

afterEach(async () => {
  await relay.stop();
  await broker.stop();
  await db.close();
  await server.drop();
  await schema.drop();
});

/** Removes what is ready in the queue. @returns the number of jobs, alone or in bundles */
async function drainJobs(): Promise<number> {
  const delivered = await server.drain(queue.name);
  return delivered.reduce((sum, { content }) => sum + (parseBundle(content)?.length ?? 1), 0);
}

/** Writes each message in a row of its own. */
const writeRows = (count: number) =>
  db.transaction((tx) => Promise.resolve(messages(count).flatMap((message) => writeOutbox(tx, [message]))));

const countWaiting = async () => Number((await schema.rows<{ n: number }>('SELECT COUNT(*) AS n FROM outbox'))[0]!.n);

test('a committed message is published once and leaves the outbox', async () => {
  broker.start();
  relay.start();
  await eventually(() => broker.ping());
  relay.nudge(await db.transaction((tx) => writeOutbox(tx, messages(30))));
  await eventually(async () => expect(await countWaiting()).toBe(0));
  expect(await drainJobs()).toBe(30);
});

test('consecutive messages with the same target share a row of at most 64 messages, and keep their order', async () => {
  const toExchange = messages(2).map((message) => ({ ...message, exchange: 'amq.topic', routingKey: 'note' }));
  await db.transaction((tx) => writeOutbox(tx, [...messages(70), ...toExchange]));
  const rows = await db.transaction((tx) => lockOutbox(tx, -1, 10));
  expect(rows.map(({ messages: [first, ...rest] }) => [first!.exchange, first!.routingKey, 1 + rest.length])).toEqual(
    expect.arrayContaining([
      [TO_QUEUE, queue.name, 64],
      [TO_QUEUE, queue.name, 6],
      ['amq.topic', 'note', 2],
    ]),
  );
  const jobs = rows.find((row) => row.messages.length === 64)!;
  expect(jobs.messages.map(({ content }) => numberOf(content))).toEqual([...Array(64).keys()]);
});

test('a message for which the broker closes the channel does not keep the others of its row from being published once', async () => {
  const published: number[] = [];
  let isRefused = true;
  let callsUntilReconnected = 0;
  const closing: Publisher = {
    ...publisher,
    publishEach: (batch) => {
      if (batch.length === 0) return Promise.resolve([]);
      if (callsUntilReconnected > 0) {
        callsUntilReconnected--;
        return Promise.resolve(batch.map(() => ({ kind: 'unsent' })));
      }
      const numbers = batch.map(({ content }) => numberOf(content));
      if (isRefused && numbers.includes(0)) {
        callsUntilReconnected = 2;
        return Promise.resolve(batch.map(() => ({ kind: 'unconfirmed' })));
      }
      published.push(...numbers);
      return Promise.resolve(batch.map(() => ({ kind: 'confirmed' })));
    },
  };
  const closingRelay = createOutboxRelay(db, closing, logger);
  closingRelay.nudge(await db.transaction((tx) => writeOutbox(tx, messages(3))));
  closingRelay.start();
  await eventually(() => expect(published.toSorted()).toEqual([1, 2]), 15_000);
  isRefused = false;
  await eventually(async () => expect(await countWaiting()).toBe(0), 8_000);
  await closingRelay.stop();
  expect(published.toSorted()).toEqual([0, 1, 2]);
});

test('a message whose transaction is rolled back is never published', async () => {
  broker.start();
  relay.start();
  await eventually(() => broker.ping());
  const failing = db.transaction(async (tx) => {
    writeOutbox(tx, messages(1));
    await tx.rows('SELECT 1'); // sends the deferred write
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  relay.nudge(await db.transaction((tx) => writeOutbox(tx, messages(2))));
  await eventually(async () => expect(await countWaiting()).toBe(0));
  expect(await drainJobs()).toBe(2);
});

test('a sweep publishes messages that their writer could not publish because it died or the broker was down', async () => {
  await db.transaction((tx) => writeOutbox(tx, messages(3))); // the writer died before the nudge
  relay.nudge(await db.transaction((tx) => writeOutbox(tx, messages(2)))); // there is no broker
  relay.start();
  broker.start();
  await eventually(async () => expect(await countWaiting()).toBe(0));
  expect(await drainJobs()).toBe(5);
});

test('a sweep that finds nothing starts no transaction, and a message left behind later is published within four seconds', async () => {
  broker.start();
  await eventually(() => broker.ping());
  const rows = jest.spyOn(db, 'rows');
  const transaction = jest.spyOn(db, 'transaction');
  relay.start();
  await eventually(() => expect(rows).toHaveBeenCalledTimes(1));
  expect(transaction).not.toHaveBeenCalled();
  const [left] = await db.transaction((tx) => writeOutbox(tx, messages(1)));
  await db.write('UPDATE outbox SET created_at = created_at - INTERVAL 1 MINUTE WHERE id = ?', [left!.id]);
  await eventually(async () => expect(await countWaiting()).toBe(0), 4_000);
  expect(await drainJobs()).toBe(1);
});

test('messages that could not be sent while the broker was down are published in one batch once it is back', async () => {
  const sizes: number[] = [];
  const recording: Publisher = {
    ...publisher,
    publishEach: (batch, options) => (sizes.push(batch.length), publisher.publishEach(batch, options)),
  };
  const recordingRelay = createOutboxRelay(db, recording, logger);
  recordingRelay.nudge(await writeRows(30));
  await eventually(() => expect(sizes).toEqual([30])); // there is no broker
  broker.start();
  await eventually(() => broker.ping());
  recordingRelay.start();
  await eventually(async () => expect(await countWaiting()).toBe(0));
  await recordingRelay.stop();
  expect(Math.max(...sizes.slice(1))).toBe(30);
});

test('a relay stops quickly while it retries many unconfirmed rows one by one', async () => {
  let tries = 0;
  const unconfirmed: Publisher = {
    ...publisher,
    publishEach: async (batch) => {
      tries++;
      await delay(300);
      return batch.map(() => ({ kind: 'unconfirmed' }));
    },
  };
  const stoppingRelay = createOutboxRelay(db, unconfirmed, logger);
  await writeRows(20);
  await db.transaction((tx) => writeOutbox(tx, messages(20)));
  stoppingRelay.start();
  await eventually(() => expect(tries).toBeGreaterThan(2), 8_000); // one batch, and then each alone
  const start = performance.now();
  await stoppingRelay.stop();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect(await countWaiting()).toBe(21);
});

test('concurrent sweeps do not publish the same row twice', async () => {
  await writeRows(1_400);
  const secondRelay = createOutboxRelay(db, publisher, logger);
  broker.start();
  await eventually(() => broker.ping());
  relay.start();
  secondRelay.start();
  await eventually(async () => expect(await countWaiting()).toBe(0));
  await secondRelay.stop();
  expect(await drainJobs()).toBe(1_400);
});

test('a sweep deletes rows by key, even if they are most of the table and the others are locked', async () => {
  const rows = await writeRows(700);
  await db.write('UPDATE outbox SET created_at = created_at - INTERVAL 1 MINUTE', []);
  // With fresh statistics, the engine prefers a scan to that many lookups.
  await db.rows('ANALYZE TABLE outbox');
  broker.start();
  await eventually(() => broker.ping());
  // Another transaction locks the other rows for longer than this test waits.
  await db.transaction(async (tx) => {
    for (const { id } of rows.slice(500)) await tx.rows('SELECT id FROM outbox WHERE id = ? FOR UPDATE', [id]);
    relay.start();
    await eventually(async () => expect(await countWaiting()).toBe(200), 4_000);
  });
});

test('a message that is too large becomes a dead letter and is replaced; the others in its batch are published', async () => {
  const refusing: Publisher = {
    ...publisher,
    publishEach: async (batch) => {
      const accepted = batch.filter(({ content }) => content.length < 1_000);
      const results = await publisher.publishEach(accepted);
      return batch.map((message) =>
        accepted.includes(message) ? results.shift()! : { kind: 'refused', reason: 'too large' },
      );
    },
  };
  const large = outgoing(
    queue,
    createMessage(note, { n: 1, text: 'x'.repeat(2_000) } as never, {
      actor: 'test',
      correlationId: 'c',
      causationId: 'c',
    }),
  );
  const [substitute] = messages(1);
  const replaced: string[] = [];
  const replacingRelay = createOutboxRelay(db, refusing, logger, {
    replace: (_, reason) => (replaced.push(reason), [substitute!]),
  });
  await db.transaction((tx) => writeOutbox(tx, [...messages(2), large, ...messages(2)]));
  broker.start();
  replacingRelay.start();
  await eventually(async () => expect(await countWaiting()).toBe(0));
  await replacingRelay.stop();
  expect(await drainJobs()).toBe(5);
  expect(replaced).toEqual(['too large']);
  const [letter] = await server.drain(`${queue.name}.dead`);
  expect(letter!.properties.headers).toMatchObject({ 'x-reason': 'too large' });
  expect(JSON.parse(letter!.content.toString())).not.toHaveProperty('data');
});
