import { median, medianRatio, percentile } from './statistics';

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentile(values, 0.5)).toBe(100);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile(values, 1)).toBe(200);
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test('a median of an even number of values is the mean of the two in the middle', () => {
  expect(median([10, 1, 3])).toBe(3);
  expect(median([10, 9, 1, 3])).toBe(6);
  expect(median([])).toBeNaN();
});

test('a ratio is formed within each round, so a slow round does not change it', () => {
  expect(medianRatio([100, 50, 120], [200, 100, 200])).toBe(0.5);
  expect(medianRatio([1], [])).toBeNaN();
});
