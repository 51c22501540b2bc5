import { unavailable } from '@souk/service';
import { eventually } from '@souk/testing';
import {
  appliedSequences,
  CONSUMER,
  ledgerSequences,
  recordingConsumer,
  startTestMonitoring,
  type TestMonitoring,
} from '../../test/start-test-monitoring';
import type { Consumer } from '../consumer';
import { applyEvents } from '../ingestion/apply-events';
import { catchUp } from '../ingestion/catch-up';
import { rebuild, type RebuildProgress } from './rebuild';

let test: TestMonitoring;

beforeEach(async () => {
  test = await startTestMonitoring('rebuild');
});

afterEach(() => test.stop());

const waitUntilAllAppliedOnce = () =>
  eventually(async () => expect(await appliedSequences(test)).toEqual(ledgerSequences(test)), 30_000);

const record = (count: number) => {
  for (let n = 0; n < count; n++) test.ledger.record({ [`account-${n % 7}`]: -100, merchant: 100 });
};

const readWatermark = async () => {
  const [state] = await test.database.rows<{ watermark_position: number; generation: number }>(
    'SELECT watermark_position, generation FROM consumer_state WHERE consumer = ?',
    [CONSUMER],
  );
  return state!;
};

const throwKilled = () => {
  throw new Error('killed');
};

const rebuildNow = (
  onProgress: (progress: RebuildProgress) => void = () => undefined,
  consumer = recordingConsumer(),
) => rebuild({ ...test.deps, consumer }, test.deps.db, onProgress);

it('a rebuild reapplies every event once, in order, and reports its progress', async () => {
  record(2_100);
  await catchUp(test.deps);
  await test.database.rows("UPDATE recorded SET sequence = -1 WHERE account_id = 'account-1'");
  const reported: RebuildProgress[] = [];
  await rebuildNow((progress) => reported.push(progress));
  await waitUntilAllAppliedOnce();
  expect(reported.map(({ events }) => events)).toEqual([1_000, 2_000, 2_100]);
  expect(reported.at(-1)).toEqual({ events: 2_100, position: 2_100, lastPosition: 2_100 });
}, 60_000);

it('a brief outage of the wallet or the database does not end a rebuild: it continues where it stopped', async () => {
  record(1_500);
  const { wallet } = test.deps;
  const requestedPositions: number[] = [];
  let failures = 0;
  const failOnce = () => {
    if (failures++ === 0) throw unavailable('the database');
  };
  const consumer: Consumer = {
    ...recordingConsumer(),
    apply: async (tx, events, generation) => {
      failOnce();
      return recordingConsumer().apply(tx, events, generation);
    },
  };
  const fetchAfterPosition: typeof wallet.fetchAfterPosition = (position) => {
    requestedPositions.push(position);
    return requestedPositions.length === 2
      ? Promise.reject(unavailable('the wallet'))
      : wallet.fetchAfterPosition(position);
  };
  await rebuild({ ...test.deps, consumer, wallet: { ...wallet, fetchAfterPosition } }, test.deps.db, () => undefined);
  await waitUntilAllAppliedOnce();
  expect(requestedPositions).toEqual([0, 1_000, 1_000, 1_500]);
}, 60_000);

it('a consumer that runs during a rebuild misses nothing and applies nothing twice', async () => {
  record(500);
  const replica = await test.startReplica({ CATCH_UP_INTERVAL: 1 });
  await waitUntilAllAppliedOnce();
  const publishing = (async () => {
    for (let n = 0; n < 100; n++) await test.publish([test.ledger.record({ 'account-1': -100, merchant: 100 })]);
  })();
  await rebuildNow();
  await rebuildNow();
  await publishing;
  await waitUntilAllAppliedOnce();
  await replica.stop();
  expect(await readWatermark()).toMatchObject({ generation: 2 });
}, 60_000);

it('the consumer completes a rebuild that was killed', async () => {
  record(1_500);
  await catchUp(test.deps);
  test.ledger.settle(1_500);
  await catchUp(test.deps);
  expect(await readWatermark()).toMatchObject({ watermark_position: 1_500 });
  await expect(rebuildNow(throwKilled)).rejects.toThrow('killed');
  expect((await test.recorded()).length).toBeLessThan(3_000);
  await test.startReplica();
  await waitUntilAllAppliedOnce();
}, 60_000);

it('a rebuild that fails to delete derived data leaves everything as it was', async () => {
  record(10);
  await catchUp(test.deps);
  const consumer: Consumer = {
    ...recordingConsumer(),
    forget: async (tx) => {
      await tx.write('DELETE FROM recorded LIMIT 3');
      throw new Error('halfway');
    },
  };
  await expect(rebuildNow(undefined, consumer)).rejects.toThrow('halfway');
  await waitUntilAllAppliedOnce();
});

it('a catch-up that began before a rebuild does not move the watermark after it', async () => {
  record(5);
  test.ledger.settle(5);
  const { wallet } = test.deps;
  let isRebuilt = false;
  await catchUp({
    ...test.deps,
    wallet: {
      ...wallet,
      fetchHeads: async (position) => {
        const page = await wallet.fetchHeads(position);
        if (!isRebuilt) {
          isRebuilt = true;
          await expect(rebuildNow(throwKilled)).rejects.toThrow('killed');
        }
        return page;
      },
    },
  });
  expect(await readWatermark()).toEqual({ watermark_position: 0, generation: 1 });
});

it('events applied during the deletion of derived data wait until the deletion is done', async () => {
  record(3);
  await catchUp(test.deps);
  const order: string[] = [];
  const newEvent = test.ledger.record({ merchant: 100 });
  const { accountId, sequence } = newEvent.entries[0]!;
  let applying: Promise<unknown> = Promise.resolve();
  const consumer: Consumer = {
    ...recordingConsumer(),
    forget: async (tx) => {
      applying = applyEvents(test.deps, [], [{ accountId, sequence }]).then(() => order.push('applied'));
      await tx.write('DELETE FROM recorded');
      await tx.rows('SELECT SLEEP(1)');
      order.push('forgotten');
    },
  };
  await rebuildNow(undefined, consumer);
  await applying;
  expect(order).toEqual(['forgotten', 'applied']);
  await waitUntilAllAppliedOnce();
});
