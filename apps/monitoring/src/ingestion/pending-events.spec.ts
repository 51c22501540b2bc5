import type { AccountEvent } from '../consumer';
import { addPending, decideRuns, dropApplied, findGaps, headsOf, type Pending } from './pending-events';

const event = (accountId: string, sequence: number, transactionId = 't'): AccountEvent => ({
  ...{
    accountId,
    sequence,
    transactionId,
    type: 'transfer',
    status: 'completed',
    reason: '',
    amount: 1n,
    currency: 'USD',
    orderId: null,
    withdrawalId: null,
  },
  at: new Date(0),
  isFirst: true,
});

const pendingOf = (...events: AccountEvent[]): Pending => {
  const pending: Pending = new Map();
  addPending(pending, events);
  return pending;
};

test('events that follow without a gap are applied in order; events already applied or after a gap are left out', () => {
  const pending = pendingOf(event('a', 5), event('a', 3), event('a', 4), event('a', 7), event('b', 1), event('c', 2));
  const { events, appliedTo } = decideRuns(pending, new Map([...Object.entries({ a: 3, b: 1, c: 0 })]));
  expect(events.map(({ accountId, sequence }) => [accountId, sequence])).toEqual([
    ['a', 4],
    ['a', 5],
  ]);
  expect([...appliedTo]).toEqual([['a', 5]]);
});

test('a gap begins after the last event that is applied or can be, in accounts that have not reached their target', () => {
  const pending = pendingOf(event('a', 4), event('a', 7), event('b', 2), event('c', 1));
  const targets = headsOf([
    event('a', 4),
    event('a', 7),
    event('b', 2),
    event('c', 1),
    { accountId: 'd', sequence: 9 },
  ]);
  const gaps = findGaps(pending, targets, new Map(Object.entries({ a: 3, b: 0, c: 0, d: 2 })));
  expect(gaps).toEqual([
    { accountId: 'a', after: 4 },
    { accountId: 'b', after: 0 },
    { accountId: 'd', after: 2 },
  ]);
});

test('applied events are dropped, and an account is done when it reaches its target', () => {
  const pending = pendingOf(event('a', 1), event('a', 3), event('b', 1));
  const targets = headsOf([event('a', 3), event('b', 1)]);
  dropApplied(pending, targets, new Map(Object.entries({ a: 2, b: 1 })));
  expect([...targets]).toEqual([['a', 3]]);
  expect([...pending.keys()]).toEqual(['a']);
  expect([...pending.get('a')!.keys()]).toEqual([3]);
});

test('a duplicate event is kept once', () => {
  const pending = pendingOf(event('a', 1, 'first'), event('a', 1, 'again'));
  expect(decideRuns(pending, new Map([['a', 0]])).events.map(({ transactionId }) => transactionId)).toEqual(['first']);
});
