import { createAttemptSlots } from './attempt-slots';

const due = (accountId: string, host: string) => ({ accountId, host });

test('a host and an account never exceed their slots, however long they have waited', () => {
  const slots = createAttemptSlots({ total: 10, perHost: 3, perAccount: 2 });
  const shared = ['a', 'b', 'c', 'd'].map((accountId) => due(accountId, 'shared'));
  const chosen = slots.choose([...shared, due('e', 'own')]);
  expect(chosen.map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c', 'e']);
  chosen.forEach(slots.acquire);
  slots.acquire(due('e', 'own'));
  expect(slots.exhausted()).toEqual({ accounts: ['e'], hosts: ['shared'] });
  expect(slots.choose([...shared, due('e', 'own'), due('f', 'other')])).toEqual([due('f', 'other')]);
  slots.release(due('a', 'shared'));
  slots.release(due('e', 'own'));
  expect(slots.exhausted()).toEqual({ accounts: [], hosts: [] });
});

test('the total number of slots is bounded', () => {
  const slots = createAttemptSlots({ total: 2, perHost: 8, perAccount: 4 });
  const three = ['a', 'b', 'c'].map((accountId) => due(accountId, accountId));
  expect(slots.choose(three)).toHaveLength(2);
  slots.acquire(three[0]!);
  slots.acquire(three[1]!);
  expect([slots.free(), slots.choose(three)]).toEqual([0, []]);
});
