import { expectLinearTime } from '@souk/testing';
import { parseRetryAfter, pause, pauseMs, RETRY_DEFAULTS } from './retry';

const policy = { ...RETRY_DEFAULTS, initialMs: 100, maxMs: 1_000 };

test('the pause doubles up to its maximum, and half of it is random', () => {
  const shortest = [1, 2, 3, 4, 5, 500].map((attempt) => pauseMs(policy, attempt, 0, () => 0));
  const longest = [1, 2, 3, 4, 5, 500].map((attempt) => pauseMs(policy, attempt, 0, () => 1));
  expect(shortest).toEqual([50, 100, 200, 400, 500, 500]);
  expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('a pause is at least as long as the service requests, plus a random part so that clients do not retry all at once', () => {
  expect(pauseMs(policy, 1, 3_000, () => 0)).toBe(3_050);
  expect(pauseMs(policy, 1, 3_000, () => 1)).toBe(3_100);
});

test.each([
  ['0', 0],
  ['2', 2_000],
  [' 2 ', 2_000],
  ['Sat, 31 Jan 2026 12:00:05 GMT', 5_000],
  ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
])('the Retry-After header %j is read as %p ms', (header, expected) => {
  expect(parseRetryAfter(header, () => Date.parse('2026-01-31T12:00:00Z'))).toBe(expected);
});

test('a pause stops listening to its signal when it is over', async () => {
  const controller = new AbortController();
  const removed = jest.spyOn(controller.signal, 'removeEventListener');
  await pause(1, controller.signal);
  expect(removed).toHaveBeenCalledTimes(1);
});

test('Retry-After is read in linear time', () => {
  expect(() => expectLinearTime(parseRetryAfter)).not.toThrow();
});
