import { backoffMs, retryWithBackoff } from './backoff';

test('the wait doubles up to its maximum, and half of it is random', () => {
  const policy = { initialMs: 100, maxMs: 1_000 };
  expect([1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(policy, attempt, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
  expect(backoffMs(policy, 2, () => 0)).toBe(100);
});

test('attempts are limited, and the last error is thrown', async () => {
  let tries = 0;
  const work = () => Promise.reject(new Error(`try ${++tries}`));
  await expect(retryWithBackoff(work, { initialMs: 1, maxMs: 1, attemptsMax: 3 })).rejects.toThrow('try 3');
});

test('an error that must not be retried is thrown at once', async () => {
  let tries = 0;
  const work = () => Promise.reject(new Error(`try ${++tries}`));
  await expect(
    retryWithBackoff(work, { initialMs: 1, maxMs: 1, attemptsMax: 3, shouldRetry: () => false }),
  ).rejects.toThrow('try 1');
});
