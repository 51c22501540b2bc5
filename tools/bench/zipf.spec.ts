import { createRandom, createZipf } from './zipf';

const DRAWS = 100_000;
const COUNT = 100;
const TOLERANCE = 0.003;

function sharesOf(exponent: number): number[] {
  const draw = createZipf(COUNT, exponent, createRandom(1));
  const counts = Array.from({ length: COUNT }, () => 0);
  for (let index = 0; index < DRAWS; index++) counts[draw()]!++;
  return counts.map((count) => count / DRAWS);
}

// The generalised harmonic numbers of 100 are 5.187 for 1, and 1.635 for 2.
test.each([
  [0, 0.01, 0.01],
  [1, 1 / 5.187, 1 / 5.187 / 10],
  [2, 1 / 1.635, 1 / 1.635 / 100],
])('with exponent %d, rank 0 gets a share of %d, and rank 9 one of %d', (exponent, first, tenth) => {
  const shares = sharesOf(exponent);
  expect(Math.abs(shares[0]! - first)).toBeLessThan(TOLERANCE);
  expect(Math.abs(shares[9]! - tenth)).toBeLessThan(TOLERANCE);
});

test('the smallest and the largest random number draw the first and the last rank', () => {
  expect(createZipf(COUNT, 1, () => 0)()).toBe(0);
  expect(createZipf(COUNT, 1, () => 1 - 2 ** -32)()).toBe(COUNT - 1);
});

test('the same seed gives the same numbers, and different seeds give different ones', () => {
  const numbers = (seed: number) => Array.from({ length: 8 }, createRandom(seed));
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
});

test('random numbers are spread evenly from 0 to below 1', () => {
  const random = createRandom(1);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < DRAWS; index++) tenths[Math.floor(random() * 10)]!++;
  for (const count of tenths) expect(count / DRAWS).toBeCloseTo(0.1, 2);
});
