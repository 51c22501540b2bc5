import { slopeOf, trendOf, warmUpSeconds } from './trend';

const MIB = 2 ** 20;
const readingsOf = (...mib: number[]) =>
  mib.map((value, index) => ({ atSeconds: 120 + 36 * index, bytes: value * MIB }));

test('the slope of points on a line is that of the line', () => {
  const points = [3, 1, 2, 10].map((x) => ({ x, y: 7 - 2.5 * x }));
  expect(slopeOf(points)).toBeCloseTo(-2.5, 10);
});

test('the slope of scattered points is the least-squares fit', () => {
  // Worked by hand: covariance 6 / 4, variance 5 / 4.
  const points = [2, 1, 4, 3].map((y, index) => ({ x: index, y }));
  expect(slopeOf(points)).toBeCloseTo(0.6, 10);
});

test('one point has no slope', () => {
  expect(slopeOf([{ x: 1, y: 1 }])).toBeNaN();
  expect(slopeOf([])).toBeNaN();
});

test('a trend compares the medians of the first and the last fifth, so single peaks have no effect', () => {
  const trend = trendOf(readingsOf(100, 900, 100, ...Array.from({ length: 9 }, () => 104), 110, 110, 1));
  expect(trend).toMatchObject({ firstMiB: 100, lastMiB: 110 });
  expect(trend.growthPercent).toBeCloseTo(10, 10);
});

test('the slope is given per hour', () => {
  // One MiB per reading, and a hundred readings per hour.
  expect(trendOf(readingsOf(50, 51, 52, 53, 54)).mibPerHour).toBeCloseTo(100, 6);
  expect(trendOf(readingsOf(50, 50, 50)).mibPerHour).toBe(0);
});

test('without readings, there is no trend', () =>
  expect(trendOf([])).toEqual({ firstMiB: NaN, lastMiB: NaN, growthPercent: NaN, mibPerHour: NaN }));

test('the warm-up takes two minutes, but at most a fifth of the run', () => {
  expect(warmUpSeconds(15 * 60)).toBe(120);
  expect(warmUpSeconds(60)).toBe(12);
});
