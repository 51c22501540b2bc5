import { eventsOf, steps } from '../../test/fraud/test-events';
import { EMPTY_WINDOW, toWatchedEvent, type FraudWindow } from './window';
import { createWindowCache } from './window-cache';

const windowOf = (count: number): FraudWindow => ({
  ...EMPTY_WINDOW,
  outgoing: eventsOf(steps(count, 1, -1n)).map(toWatchedEvent),
});
const at = (accountId: string, sequence: number, generation = 0) => ({ accountId, sequence, generation });

test('a window is returned only for the position at which it was stored', () => {
  const cache = createWindowCache();
  const window = windowOf(2);
  cache.set(at('a-1', 7), window);
  expect(cache.get(at('a-1', 7))).toBe(window);
  for (const other of [at('a-1', 6), at('a-1', 8), at('a-2', 7), at('a-1', 7, 1)])
    expect(cache.get(other)).toBeUndefined();
});

test('the windows that were stored longest ago make room for new ones', () => {
  const cache = createWindowCache(16);
  for (const accountId of ['a-1', 'a-2', 'a-3']) cache.set(at(accountId, 1), windowOf(3));
  cache.set(at('a-1', 2), windowOf(4));
  const cached = () => ['a-1', 'a-2', 'a-3'].filter((id) => cache.get(at(id, 1)) ?? cache.get(at(id, 2)));
  expect(cached()).toEqual(['a-1', 'a-2', 'a-3']);
  cache.set(at('a-1', 3), windowOf(7));
  expect(cache.get(at('a-1', 3))).toBeDefined();
  expect(cached()).toEqual(['a-3']);
});
