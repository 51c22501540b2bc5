import { createAttemptSlots } from './attempt-slots';

const dueAccount = (accountId: string, host: string) => ({ accountId, host });

test('a host or an account never gets more than its slots, however long it has waited', () => {
  const slots = createAttemptSlots({ total: 10, perHost: 3, perAccount: 2 });
  const shared = ['a', 'b', 'c', 'd'].map((accountId) => dueAccount(accountId, 'shared'));
  const chosen = slots.choose([...shared, dueAccount('e', 'own')]);
  expect(chosen.map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c', 'e']);
  chosen.forEach(slots.acquire);
  slots.acquire(dueAccount('e', 'own'));
  expect(slots.exhausted()).toEqual({ accounts: ['e'], hosts: ['shared'] });
  expect(slots.choose([...shared, dueAccount('e', 'own'), dueAccount('f', 'other')])).toEqual([
    dueAccount('f', 'other'),
  ]);
  slots.release(dueAccount('a', 'shared'));
  slots.release(dueAccount('e', 'own'));
  expect(slots.exhausted()).toEqual({ accounts: [], hosts: [] });
});

test('the total number of slots is bounded', () => {
  const slots = createAttemptSlots({ total: 2, perHost: 8, perAccount: 4 });
  const dueAccounts = ['a', 'b', 'c'].map((accountId) => dueAccount(accountId, accountId));
  expect(slots.choose(dueAccounts)).toHaveLength(2);
  slots.acquire(dueAccounts[0]!);
  slots.acquire(dueAccounts[1]!);
  expect([slots.free(), slots.choose(dueAccounts)]).toEqual([0, []]);
});
