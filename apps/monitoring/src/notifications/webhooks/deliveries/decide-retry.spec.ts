import { decideRetry } from './decide-retry';

const HOUR_MS = 3_600_000;
const retryForMs = 24 * HOUR_MS;

/** The times of all attempts of a delivery that always fails, in milliseconds since the first. */
function attemptsOf(random: () => number): number[] {
  const at = [0];
  for (;;) {
    const ageMs = at.at(-1)!;
    const decision = decideRetry({ tries: at.length, ageMs, retryForMs }, random);
    if (decision.state === 'dead') return at;
    at.push(ageMs + decision.afterMs);
  }
}

test.each([
  ['least', () => 0],
  ['most', () => 1],
])('with the %s jitter, attempts continue to the end of the day and their number is bounded', (_, random) => {
  const at = attemptsOf(random);
  expect(at.at(-1)).toBe(retryForMs);
  expect(at.length).toBeGreaterThan(20);
  expect(at.length).toBeLessThan(70);
});

test('the waits double up to an hour', () => {
  const at = attemptsOf(() => 1);
  const waits = at.slice(1).map((moment, index) => moment - at[index]!);
  expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect(Math.max(...waits)).toBe(HOUR_MS);
});

test('deliveries that failed together are not retried together', () => {
  const after = Array.from({ length: 50 }, () => decideRetry({ tries: 5, ageMs: 0, retryForMs }));
  expect(new Set(after.map((decision) => decision.state === 'pending' && decision.afterMs)).size).toBeGreaterThan(10);
});

test.each([
  [3, 60_000, 60_000],
  [3, 1_000, 40_000],
  [3, 10 * HOUR_MS, HOUR_MS],
  [3, Infinity, HOUR_MS],
])(
  'after %d tries and a Retry-After of %d ms, the wait is %d ms: the longer of backoff and Retry-After, but never past the end',
  (tries, retryAfterMs, afterMs) => {
    const decision = decideRetry({ tries, ageMs: retryForMs - HOUR_MS, retryForMs, retryAfterMs }, () => 1);
    expect(decision).toEqual({ state: 'pending', afterMs });
  },
);

test('a delivery is dead after its retry time', () => {
  expect(decideRetry({ tries: 2, ageMs: retryForMs, retryForMs })).toEqual({ state: 'dead' });
  expect(decideRetry({ tries: 2, ageMs: retryForMs - 1, retryForMs })).toEqual({ state: 'pending', afterMs: 1 });
});
