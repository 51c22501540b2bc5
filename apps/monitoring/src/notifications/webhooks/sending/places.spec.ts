import { createPlaces } from './places';

const due = (accountId: string, host: string) => ({ accountId, host });

test('a host and an account never exceed their places, however long they have waited', () => {
  const places = createPlaces({ inAll: 10, ofHost: 3, ofAccount: 2 });
  const shared = ['a', 'b', 'c', 'd'].map((accountId) => due(accountId, 'shared'));
  const chosen = places.choose([...shared, due('e', 'own')]);
  expect(chosen.map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c', 'e']);
  chosen.forEach(places.take);
  places.take(due('e', 'own'));
  expect(places.full()).toEqual({ accounts: ['e'], hosts: ['shared'] });
  expect(places.choose([...shared, due('e', 'own'), due('f', 'other')])).toEqual([due('f', 'other')]);
  places.leave(due('a', 'shared'));
  places.leave(due('e', 'own'));
  expect(places.full()).toEqual({ accounts: [], hosts: [] });
});

test('the total number of places is bounded', () => {
  const places = createPlaces({ inAll: 2, ofHost: 8, ofAccount: 4 });
  const three = ['a', 'b', 'c'].map((accountId) => due(accountId, accountId));
  expect(places.choose(three)).toHaveLength(2);
  places.take(three[0]!);
  places.take(three[1]!);
  expect([places.free(), places.choose(three)]).toEqual([0, []]);
});
