import type { Consumer } from '../consumer';
import {
  appliedSequences,
  CONSUMER,
  recordingConsumer,
  startTestDelivery,
  type TestDelivery,
} from '../start-test-delivery';
import { catchUp } from './catch-up';
import { readState } from './progress-store';

let test: TestDelivery;

beforeEach(async () => {
  test = await startTestDelivery('catch_up');
});

afterEach(() => test.stop());

it('the watermark stops at the first event that is too young, however old those behind it are', async () => {
  const pages = [
    { heads: [], nextPosition: 10, safePosition: 5, isEnd: false },
    { heads: [], nextPosition: 20, safePosition: 20, isEnd: true },
  ];
  const asked: number[] = [];
  const heads = (position: number) => {
    asked.push(position);
    return Promise.resolve(pages[asked.length - 1]!);
  };
  await catchUp({ ...test.deps, wallet: { ...test.deps.wallet, heads } });
  expect(asked).toEqual([0, 10]);
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 5 });
});

it('an event that can not be applied holds up its own account alone, and is tried again', async () => {
  for (const account of ['ann', 'bad', 'bob']) test.ledger.record({ [account]: 100 });
  test.ledger.settle(3);
  const inner = recordingConsumer();
  const consumer: Consumer = {
    ...inner,
    apply: (tx, events) => {
      if (events.some(({ accountId }) => accountId === 'bad')) throw new Error('a bug');
      return inner.apply(tx, events);
    },
  };
  await expect(catchUp({ ...test.deps, consumer })).rejects.toThrow('1 accounts');
  expect(await appliedSequences(test)).toEqual({ ann: [1], bob: [1] });
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 0 });
  await catchUp(test.deps);
  expect(await appliedSequences(test)).toEqual({ ann: [1], bob: [1], bad: [1] });
  expect(await readState(test.deps.db, CONSUMER)).toMatchObject({ watermark: 3 });
});
