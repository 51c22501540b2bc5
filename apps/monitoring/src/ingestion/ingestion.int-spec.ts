import { deadLetterQueue, retryQueue } from '@souk/contracts';
import { eventually } from '@souk/testing';
import {
  appliedSequences,
  CONSUMER,
  ledgerSequences,
  startTestMonitoring,
  type TestMonitoring,
} from '../../test/start-test-monitoring';
import { messageOf } from '../../test/test-ledger';
import type { Consumer } from '../consumer';
import { QUEUES } from './consume-transactions';

const queue = QUEUES[CONSUMER].name;

let test: TestMonitoring;

beforeEach(async () => {
  test = await startTestMonitoring('ingestion');
});

afterEach(() => test.stop());

/** Waits until every ledger event has been applied once, in order per account. */
const waitUntilAllAppliedOnce = (timeoutMs?: number) =>
  eventually(async () => expect(await appliedSequences(test)).toEqual(ledgerSequences(test)), timeoutMs);

const waitUntilQueueIsEmpty = () => eventually(async () => expect(await test.broker.messages(queue)).toBe(0));

const record = (count: number, ...accounts: string[]) =>
  Array.from({ length: count }, () => test.ledger.record(Object.fromEntries(accounts.map((id) => [id, 100]))));

it('each account of a transaction gets its own event', async () => {
  await test.startReplica();
  const event = test.ledger.record({ ann: -1_250, bob: 1_250 }, 'INSUFFICIENT_FUNDS');
  await test.publish([event]);
  await waitUntilAllAppliedOnce();
  const shared = { sequence: 1, transaction_id: event.transactionId };
  expect(await test.recorded()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...shared, account_id: 'ann', amount: -1_250, is_first: 1 }),
      expect.objectContaining({ ...shared, account_id: 'bob', amount: 1_250, is_first: 0 }),
    ]),
  );
});

it('duplicate events are applied once', async () => {
  await test.startReplica();
  const events = record(5, 'ann', 'bob');
  await test.publish([...events, ...events]);
  await waitUntilAllAppliedOnce();
  await test.publish(events);
  await waitUntilQueueIsEmpty();
  await test.publish(record(1, 'ann'));
  await waitUntilAllAppliedOnce();
});

it('events delivered out of order are applied in order, and missing ones are fetched', async () => {
  await test.startReplica();
  const events = record(8, 'ann', 'bob');
  await test.publish([events[7]!, events[2]!]);
  await waitUntilAllAppliedOnce();
  await test.publish([...record(1, 'ann', 'bob'), events[1]!, events[0]!]);
  await waitUntilAllAppliedOnce();
});

it('a gap of thousands of events is closed when a later event arrives', async () => {
  await test.startReplica();
  const events = record(2_500, 'merchant');
  await test.publish([events.at(-1)!]);
  await waitUntilAllAppliedOnce();
  expect(test.ledger.calls.getEvents).toBe(3);
});

it('replicas that share a queue apply each event once, in order', async () => {
  await Promise.all([1, 2, 3].map(() => test.startReplica({ BATCH_MAX: 4 })));
  const events = [...Array(60).keys()].flatMap((n) => record(1, `account-${n % 4}`, 'merchant'));
  for (const event of events) await test.publish([event]);
  await waitUntilAllAppliedOnce(30_000);
}, 60_000);

it('a batch in flight when its replica is cut off from the broker is applied once', async () => {
  let cuts = 0;
  const cuttingConnections = (inner: Consumer): Consumer => ({
    ...inner,
    apply: async (tx, events, generation) => {
      const entries = await inner.apply(tx, events, generation);
      if (cuts++ < 3) test.broker.cutConnections();
      return entries;
    },
  });
  await test.startReplica({ BATCH_MAX: 5 }, cuttingConnections);
  const events = record(40, 'ann', 'bob');
  await eventually(() => test.publish(events.slice(0, 20)));
  await eventually(() => test.publish(events.slice(20)));
  await waitUntilAllAppliedOnce();
  expect(cuts).toBeGreaterThan(0); // the number depends on how many events one catch-up applies
});

it('a batch that fails halfway leaves nothing behind and is applied later', async () => {
  let failures = 0;
  const failingTwice = (inner: Consumer): Consumer => ({
    ...inner,
    apply: async (tx, events, generation) => {
      const entries = await inner.apply(tx, events, generation);
      if (failures++ < 2) throw new Error('a bug');
      return entries;
    },
  });
  await test.startReplica({}, failingTwice);
  await test.publish(record(3, 'ann'));
  await waitUntilAllAppliedOnce();
});

it('while the wallet is down, events that need it wait, others are applied, and none is lost', async () => {
  await test.startReplica();
  const [first, , third] = record(3, 'ann');
  test.ledger.setAvailable(false);
  await test.publish([third!]);
  await eventually(async () => expect(await test.broker.messages(retryQueue(queue, 1_000))).toBe(1));
  await test.publish([first!]);
  await eventually(async () => expect(await appliedSequences(test)).toEqual({ ann: [1] }));
  test.ledger.setAvailable(true);
  await waitUntilAllAppliedOnce();
  expect(await test.broker.messages(deadLetterQueue(queue))).toBe(0);
});

it('an event that the ledger contradicts becomes a dead letter with a reason and affects no other event', async () => {
  await test.startReplica();
  const [event] = record(1, 'ann');
  const forged = { ...event!, entries: event!.entries.map((entry) => ({ ...entry, sequence: 5 })) };
  await test.publish([forged, ...record(1, 'bob')]);
  await eventually(async () => expect(await test.broker.messages(deadLetterQueue(queue))).toBe(1));
  const [dead] = await test.broker.drain(deadLetterQueue(queue));
  expect(dead!.properties.headers).toMatchObject({
    'x-reason': 'the wallet has no event 5 of account ann: its events end at 1',
  });
  await waitUntilAllAppliedOnce();
});

it('an invalid message becomes a dead letter and affects no other message', async () => {
  await test.startReplica();
  const [event] = record(1, 'ann');
  await test.publisher.publish([{ ...messageOf(event!), content: Buffer.from('{}') }, messageOf(event!)]);
  await eventually(async () => expect(await test.broker.messages(deadLetterQueue(queue))).toBe(1));
  await waitUntilAllAppliedOnce();
});

it('events that a full queue dropped while the consumer was stopped are applied once it runs again', async () => {
  const replica = await test.startReplica();
  await replica.stop();
  await test.broker.limitQueue(queue, 3, 'drop-head');
  for (const event of record(20, 'ann', 'bob')) await test.publish([event]);
  await eventually(async () => expect(await test.broker.messages(queue)).toBe(3));
  await test.startReplica();
  await waitUntilAllAppliedOnce();
});

it('a process reports that the wallet is down but stays ready', async () => {
  const replica = await test.startReplica();
  await test.ledger.stop();
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${replica.port()}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'ok', checks: { broker: 'ok', database: 'ok', wallet: 'unavailable' } },
    ]);
  });
});

it('the parts of a process stop in parallel, without waiting for each other', async () => {
  let onStop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (onStop = resolve));
  let isApplying = false;
  const replica = await test.startReplica({}, (inner) => ({
    ...inner,
    apply: async (tx, events, generation) => {
      isApplying = true;
      await stopped;
      return inner.apply(tx, events, generation);
    },
    stop: () => Promise.resolve(onStop()),
  }));
  await test.publish(record(1, 'ann'));
  await eventually(() => expect(isApplying).toBe(true));
  await replica.stop();
  await waitUntilAllAppliedOnce();
});

it('a process without consumers still serves HTTP but takes no messages', async () => {
  const replica = await test.startReplica();
  await replica.stop();
  const idle = await test.startReplica({ CONSUMERS: [] });
  await test.publish(record(1, 'ann'));
  await eventually(async () => expect(await test.broker.messages(queue)).toBe(1));
  const metrics = await fetch(`http://127.0.0.1:${idle.port()}/metrics`);
  expect(metrics.status).toBe(200);
  expect(await test.recorded()).toEqual([]);
});

it('metrics count applied, duplicate, missing and fetched events, and report the lag', async () => {
  const replica = await test.startReplica();
  const events = record(4, 'ann');
  await test.publish([events[2]!, events[2]!]);
  await eventually(async () => expect(await test.recorded()).toHaveLength(4));
  await test.publish([events[0]!]);
  await eventually(async () => {
    const text = await (await fetch(`http://127.0.0.1:${replica.port()}/metrics`)).text();
    const count = (outcome: string) =>
      Number(new RegExp(`^souk_consumer_events_total.*outcome="${outcome}".* (\\d+)$`, 'm').exec(text)?.[1]);
    expect([count('applied'), count('missing'), count('fetched')]).toEqual([4, 2, 4]);
    expect(count('duplicate')).toBe(2);
    expect(text).toMatch(/^souk_consumer_lag_events\{.*\} 0$/m);
    expect(text).toMatch(/^souk_consumer_lag_seconds\{.*\} \d/m);
  });
});

describe('without a message', () => {
  it('events from before the queue existed are applied at startup', async () => {
    record(3, 'ann', 'bob');
    await test.startReplica();
    await waitUntilAllAppliedOnce();
  });

  it('an event whose message was lost is found even if no other follows', async () => {
    await test.startReplica({ CATCH_UP_INTERVAL: 1 });
    record(2, 'ann');
    await waitUntilAllAppliedOnce();
  });

  it('events missed while the broker was down are found once it is back', async () => {
    await test.startReplica();
    record(2, 'ann');
    test.broker.cutConnections();
    await waitUntilAllAppliedOnce();
  });

  it('an event that commits late, at a position before events already seen, is found', async () => {
    const uncommitted = test.ledger.takePosition();
    record(2, 'ann');
    test.ledger.settle(0);
    await test.startReplica({ CATCH_UP_INTERVAL: 1 });
    await waitUntilAllAppliedOnce();
    uncommitted.record({ bob: 100 });
    test.ledger.settle(3);
    await waitUntilAllAppliedOnce();
    await eventually(async () =>
      expect(
        await test.database.rows('SELECT watermark_position FROM consumer_state WHERE consumer = ?', [CONSUMER]),
      ).toEqual([{ watermark_position: 3 }]),
    );
  });
});
