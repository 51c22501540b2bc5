import { FRAUD_MESSAGES, parseMessage } from '@souk/contracts';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import fc from 'fast-check';
import {
  startTestFraudDetection,
  TIGHT_RULES,
  type TestFraudDetection,
} from '../../test/fraud/start-test-fraud-detection';
import { eventsOf, refused, steps, type Step } from '../../test/fraud/test-events';
import type { AccountEvent } from '../consumer';
import { detectAlerts } from './detect-alerts';
import { WINDOW_EVENTS_MAX } from './window';

let database: TestDatabase;
let fraud: TestFraudDetection;

beforeAll(async () => {
  database = await createTestDatabase('fraud');
  fraud = await startTestFraudDetection(database);
});

beforeEach(async () => {
  await fraud.forget();
  await database.rows('DELETE FROM alert_published');
  await database.rows('DELETE FROM outbox');
});

afterAll(async () => {
  await fraud.stop();
  await database.drop();
});

const readAlerts = () => database.rows<{ id: string }>('SELECT * FROM alert ORDER BY id');
const readWindows = () => database.rows('SELECT * FROM fraud_event ORDER BY account_id, sequence');

/** The messages in the outbox, parsed as a subscriber parses them. */
async function readPublished() {
  const rows = await database.rows<{ exchange: string; content: string }>('SELECT exchange, content FROM outbox');
  return rows.flatMap(({ exchange, content }) =>
    [JSON.parse(content) as unknown].flat().map((message) => {
      const parsed = parseMessage(FRAUD_MESSAGES, Buffer.from(JSON.stringify(message)));
      if (!parsed.ok) throw new Error(parsed.reason);
      return { exchange, ...parsed.message };
    }),
  );
}

async function applyInBatches(events: readonly AccountEvent[], sizes: readonly number[]): Promise<void> {
  const unapplied = [...events];
  for (const size of [...sizes, unapplied.length]) {
    const batch = unapplied.splice(0, size);
    if (batch.length > 0) await fraud.apply(batch);
  }
}

const mixedEvents = (account: string, count: number): AccountEvent[] =>
  eventsOf(
    Array.from({ length: count }, (_, index): Step => {
      const amount = BigInt(((index * 37) % 500) + 1);
      const second = index * 7 + (index % 10 === 0 ? 50 : 0);
      if (index % 4 === 0) return [second, amount, { type: 'credit' }];
      return [second, -amount, index % 3 === 0 ? refused : { type: 'transfer' }];
    }).sort(([a], [b]) => a - b),
    account,
  );
/** Events of several accounts as a queue would deliver them: interleaved, but in order per account. */
const history = Array.from({ length: 240 }, (_, index) => index).flatMap((index) =>
  ['a-1', 'a-2', 'a-3'].flatMap((account, offset) => mixedEvents(account, 240 - offset)[index] ?? []),
);

it('stores an alert with its evidence, and publishes it with the same id and the time of the event', async () => {
  const events = eventsOf(steps(4, 10, -1n, { type: 'debit' }));
  expect(await fraud.apply(events)).toBe(1);
  const [message] = await readPublished();
  const last = events[3]!;
  expect(message).toMatchObject({
    exchange: 'fraud',
    type: 'fraud.alerts',
    actor: 'fraud-detection',
    causationId: last.transactionId,
    data: {
      account_id: 'a-1',
      rule: 'velocity',
      reason: '4 outgoing transactions within 1 minute, more than 3',
      created_at: last.at.toISOString(),
      events: events.map(({ transactionId, sequence, at }) => ({
        transaction_id: transactionId,
        sequence,
        type: 'debit',
        amount: '-0.01',
        currency: 'USD',
        timestamp: at.toISOString(),
      })),
    },
  });
  expect(message!.id).toBe(message!.data.id);
  expect(await readAlerts()).toMatchObject([{ id: message!.id, sequence: 4, created_at: last.at }]);
});

it('the same events give the same rows and messages, however they are batched', async () => {
  const expected = detectAlerts(TIGHT_RULES, new Map(), history).alerts.map(({ id }) => id);
  expect(expected.length).toBeGreaterThan(20);
  await fraud.apply(history);
  const [allAlerts, allWindows] = [await readAlerts(), await readWindows()];
  expect(allAlerts.map(({ id }) => id)).toEqual(expected.sort());
  await fc.assert(
    fc
      .asyncProperty(fc.array(fc.integer({ min: 1, max: 256 }), { maxLength: 12 }), async (sizes) => {
        await applyInBatches(history, sizes);
        expect(await readAlerts()).toEqual(allAlerts);
        expect(await readWindows()).toEqual(allWindows);
        expect((await readPublished()).map(({ id }) => id).sort()).toEqual(expected);
      })
      .beforeEach(async () => {
        await fraud.forget();
        await database.rows('DELETE FROM alert_published');
        await database.rows('DELETE FROM outbox');
      }),
    { numRuns: 8 },
  );
});

it('forgetting and reapplying gives the same rows and publishes nothing again', async () => {
  await applyInBatches(history, [50, 200, 7]);
  const [alertsBefore, windowsBefore] = [await readAlerts(), await readWindows()];
  await database.rows('DELETE FROM outbox');
  await fraud.forget();
  expect([await readAlerts(), await readWindows()]).toEqual([[], []]);
  await applyInBatches(history, [1, 1, 300]);
  expect(await readAlerts()).toEqual(alertsBefore);
  expect(await readWindows()).toEqual(windowsBefore);
  expect(await readPublished()).toEqual([]);
});

it('alerts that are new after a rebuild are published', async () => {
  await fraud.apply(eventsOf(steps(4, 10, -1n)));
  await fraud.forget();
  expect(await fraud.apply(eventsOf(steps(4, 10, -1n)))).toBe(0);
  const events = eventsOf([
    ...steps(4, 10, -1n),
    ...steps(4, 1, -1n, refused).map(([second, ...step]): Step => [second + 50, ...step]),
  ]);
  expect(await fraud.apply(events.slice(4))).toBe(1);
});

it('an account keeps only the latest events of each kind, and no incoming charges', async () => {
  const events = eventsOf([
    ...steps(250, 100, -1n),
    ...steps(300, 100, 1n, { type: 'credit' }),
    ...steps(300, 100, 1n, { type: 'charge' }),
  ]);
  await applyInBatches(events, [90, 250, 256, 100]);
  expect(await readWindows()).toHaveLength(2 * WINDOW_EVENTS_MAX);
  const [oldest] = await database.rows('SELECT MIN(sequence) AS outgoing FROM fraud_event WHERE amount < 0');
  expect(oldest).toEqual({ outgoing: 151 });
});

it('the amount of a refused transaction may exceed what any wallet can hold', async () => {
  const amount = -(10n ** 37n);
  for (const event of eventsOf(steps(3, 1, amount, refused))) await fraud.apply([event]);
  expect((await readPublished()).map(({ data }) => data.events[0]?.amount)).toEqual([`-1${'0'.repeat(35)}.00`]);
});

it('several replicas can apply events of different accounts concurrently', async () => {
  const accounts = Array.from({ length: 12 }, (_, index) => mixedEvents(`a-${index}`, 150));
  await Promise.all(
    accounts.map(async (events) => {
      for (let from = 0; from < events.length; from += 30) await fraud.apply(events.slice(from, from + 30));
    }),
  );
  const expected = detectAlerts(TIGHT_RULES, new Map(), accounts.flat()).alerts.map(({ id }) => id);
  expect((await readAlerts()).map(({ id }) => id)).toEqual(expected.sort());
});

it("replicas can take turns applying an account's events, and can reapply them after a rollback", async () => {
  const replica = await startTestFraudDetection(database);
  try {
    const unapplied = [...history];
    for (const [index, size] of [30, 60, 7, 90, 30, 1, 200, history.length].entries()) {
      const batch = unapplied.splice(0, size);
      await expect(fraud.applyAndRollBack(batch)).rejects.toThrow('rolled back');
      if (batch.length > 0) await (index % 3 === 0 ? replica : fraud).apply(batch);
    }
  } finally {
    await replica.stop();
  }
  const expected = detectAlerts(TIGHT_RULES, new Map(), history).alerts.map(({ id }) => id);
  expect((await readAlerts()).map(({ id }) => id)).toEqual(expected.sort());
});

it('events that another replica has rebuilt from a restored wallet replace those that this replica remembers', async () => {
  const lostEvents = eventsOf(steps(3, 1, -1n));
  const restoredEvents = eventsOf([-3_000, -2_000, -1_000, 3].map((second): Step => [second, -1n]));
  const replica = await startTestFraudDetection(database);
  try {
    await fraud.apply(lostEvents);
    await replica.forget();
    await replica.apply(restoredEvents.slice(0, 3), 1);
  } finally {
    await replica.stop();
  }
  expect(await fraud.apply(restoredEvents.slice(3), 1)).toBe(0);
  expect(await readAlerts()).toEqual([]);
});
