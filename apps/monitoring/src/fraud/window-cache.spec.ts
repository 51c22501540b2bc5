import { eventsOf, steps } from '../../test/fraud/test-events';
import { EMPTY_WINDOW, type FraudWindow } from './window';
import { createWindowCache } from './window-cache';

const windowOf = (count: number): FraudWindow => ({ ...EMPTY_WINDOW, outgoing: eventsOf(steps(count, 1, -1n)) });

test('a window is returned only for the sequence after which it was stored', () => {
  const cache = createWindowCache();
  const window = windowOf(2);
  cache.set('a-1', 7, window);
  expect([6, 7, 8].map((sequence) => cache.get('a-1', sequence))).toEqual([undefined, window, undefined]);
  expect(cache.get('a-2', 7)).toBeUndefined();
});

test('the windows that were stored longest ago make room for new ones', () => {
  const cache = createWindowCache(10);
  for (const accountId of ['a-1', 'a-2', 'a-3']) cache.set(accountId, 1, windowOf(3));
  cache.set('a-1', 2, windowOf(4));
  const cached = () => ['a-1', 'a-2', 'a-3'].filter((id) => cache.get(id, 1) ?? cache.get(id, 2));
  expect(cached()).toEqual(['a-1', 'a-2', 'a-3']);
  cache.set('a-1', 3, windowOf(7));
  expect(cache.get('a-1', 3)).toBeDefined();
  expect(cached()).toEqual(['a-3']);
  cache.clear();
  cache.set('a-2', 1, windowOf(10));
  expect(cached()).toEqual(['a-2']);
});
