import { createMetrics } from '@souk/service';
import {
  appliedSequences,
  CONSUMER,
  recordingConsumer,
  startTestMonitoring,
  type TestMonitoring,
} from '../../test/start-test-monitoring';
import type { Consumer } from '../consumer';
import { applyEvents } from './apply-events';
import { catchUp } from './catch-up';
import { createConsumerMetrics } from './consumer-metrics';
import { readState } from './progress-store';

let test: TestMonitoring;

beforeEach(async () => {
  test = await startTestMonitoring('catch_up');
});

afterEach(() => test.stop());

it('the watermark stops at the first event that is too recent, however old the events after it are', async () => {
  const pages = [
    { heads: [], nextPosition: 10, safePosition: 5, isEnd: false },
    { heads: [], nextPosition: 20, safePosition: 20, isEnd: true },
  ];
  const requestedPositions: number[] = [];
  const fetchHeads = (position: number) => {
    requestedPositions.push(position);
    return Promise.resolve(pages[requestedPositions.length - 1]!);
  };
  await catchUp({ ...test.deps, wallet: { ...test.deps.wallet, fetchHeads } });
  expect(requestedPositions).toEqual([0, 10]);
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 5 });
});

it('an event that cannot be applied holds up only its own account and is retried', async () => {
  for (const account of ['ann', 'bad', 'bob']) test.ledger.record({ [account]: 100 });
  test.ledger.settle(3);
  const inner = recordingConsumer();
  const consumer: Consumer = {
    ...inner,
    apply: (tx, events, generation) => {
      if (events.some(({ accountId }) => accountId === 'bad')) throw new Error('a bug');
      return inner.apply(tx, events, generation);
    },
  };
  await expect(catchUp({ ...test.deps, consumer })).rejects.toThrow('1 accounts');
  expect(await appliedSequences(test)).toEqual({ ann: [1], bob: [1] });
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 0 });
  await catchUp(test.deps);
  expect(await appliedSequences(test)).toEqual({ ann: [1], bob: [1], bad: [1] });
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 3 });
});

it('an error is logged if the wallet has fewer events than were applied', async () => {
  const logError = jest.spyOn(test.deps.logger, 'error');
  test.ledger.record({ ann: 100 });
  test.ledger.settle(1);
  await catchUp(test.deps);
  await catchUp(test.deps);
  expect(logError).not.toHaveBeenCalled();
  await test.database.rows('UPDATE consumer_state SET watermark_position = 5 WHERE consumer = ?', [CONSUMER]);
  await catchUp(test.deps);
  expect(logError).toHaveBeenCalledWith(
    { consumer: CONSUMER, watermark: 5, lastPosition: 1 },
    expect.stringContaining('rebuild every consumer'),
  );
});

it('a stopping process fetches no more events', async () => {
  test.ledger.record({ ann: 100 });
  const deps = { ...test.deps, signal: AbortSignal.abort() };
  await expect(applyEvents(deps, [], [{ accountId: 'ann', sequence: 1 }])).rejects.toMatchObject({ retryable: true });
  await catchUp(deps);
  expect(test.ledger.calls.getEvents).toBe(0);
  expect(await test.recorded()).toEqual([]);
});

describe('the lag in seconds', () => {
  const HOUR_S = 3_600;
  let lagSeconds: () => Promise<number>;
  let metrics: TestMonitoring['deps']['metrics'];

  beforeEach(() => {
    const registry = createMetrics('test');
    metrics = createConsumerMetrics(registry);
    lagSeconds = async () => {
      const text = await registry.getSingleMetricAsString('souk_consumer_lag_seconds');
      return Number(/} (\S+)$/.exec(text)?.[1]);
    };
    test.ledger.record({ ann: 100 }).timestamp = new Date(Date.now() - HOUR_S * 1_000).toISOString();
  });

  afterEach(() => jest.restoreAllMocks());

  const consumerWith = (apply: Consumer['apply']): Consumer => ({ ...recordingConsumer(), apply });
  const advanceClock = (ms: number) => {
    const laterMs = Date.now() + ms;
    jest.spyOn(Date, 'now').mockImplementation(() => laterMs);
  };

  it('is the age of the oldest event during a catch-up, and zero once the consumer is idle', async () => {
    const lags: number[] = [];
    const consumer = consumerWith(async () => {
      lags.push(await lagSeconds());
      return [];
    });
    await catchUp({ ...test.deps, metrics, consumer });
    expect(lags).toEqual([expect.closeTo(HOUR_S, -2)]);
    advanceClock(11_000);
    expect(await lagSeconds()).toBe(0);
  });

  it('does not grow forever after an event could not be applied', async () => {
    const consumer = consumerWith(() => Promise.reject(new Error('a bug')));
    await expect(catchUp({ ...test.deps, metrics, consumer })).rejects.toThrow('1 accounts');
    expect(await lagSeconds()).toBeCloseTo(HOUR_S, -2);
    advanceClock(11_000);
    expect(await lagSeconds()).toBe(0);
  });
});
