import { decideRetry } from './decide-retry';

const HOUR_MS = 3_600_000;
const retryForMs = 24 * HOUR_MS;

/** The times of all attempts at a delivery that always fails, in milliseconds since the first. */
function attemptTimes(random: () => number): number[] {
  const timesMs = [0];
  for (;;) {
    const ageMs = timesMs.at(-1)!;
    const decision = decideRetry({ tries: timesMs.length, ageMs, retryForMs }, random);
    if (decision.state === 'dead') return timesMs;
    timesMs.push(ageMs + decision.afterMs);
  }
}

test.each([
  ['least', () => 0],
  ['most', () => 1],
])('with the %s jitter, attempts continue until the end of the day, and their number is bounded', (_, random) => {
  const timesMs = attemptTimes(random);
  expect(timesMs.at(-1)).toBe(retryForMs);
  expect(timesMs.length).toBeGreaterThan(20);
  expect(timesMs.length).toBeLessThan(70);
});

test('the waits double until they reach an hour', () => {
  const timesMs = attemptTimes(() => 1);
  const waits = timesMs.slice(1).map((moment, index) => moment - timesMs[index]!);
  expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect(Math.max(...waits)).toBe(HOUR_MS);
});

test('deliveries that failed together are not retried together', () => {
  const decisions = Array.from({ length: 50 }, () => decideRetry({ tries: 5, ageMs: 0, retryForMs }));
  expect(new Set(decisions.map((decision) => decision.state === 'pending' && decision.afterMs)).size).toBeGreaterThan(
    10,
  );
});

test.each([
  [3, 60_000, 60_000],
  [3, 1_000, 40_000],
  [3, 10 * HOUR_MS, HOUR_MS],
  [3, Infinity, HOUR_MS],
])(
  'after %d tries and a Retry-After of %d ms, the wait is %d ms: the longer of backoff and Retry-After, but no longer than the remaining time',
  (tries, retryAfterMs, afterMs) => {
    const decision = decideRetry({ tries, ageMs: retryForMs - HOUR_MS, retryForMs, retryAfterMs }, () => 1);
    expect(decision).toEqual({ state: 'pending', afterMs });
  },
);

test('a delivery whose attempt fails at the end of its retry time is dead', () => {
  expect(decideRetry({ tries: 2, ageMs: retryForMs, retryForMs })).toEqual({ state: 'dead' });
  expect(decideRetry({ tries: 2, ageMs: retryForMs - 1, retryForMs })).toEqual({ state: 'pending', afterMs: 1 });
});
