import fc from 'fast-check';
import { chunksOf } from './chunks-of';

test('chunks contain every item in order, none is empty, and only a single item may exceed the weight', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 20 }), (weights, max) => {
      const chunks = chunksOf(weights, max, (weight) => weight);
      expect(chunks.flat()).toEqual(weights);
      for (const chunk of chunks) {
        expect(chunk.length).toBeGreaterThan(0);
        if (chunk.length > 1) expect(chunk.reduce((sum, weight) => sum + weight)).toBeLessThanOrEqual(max);
      }
    }),
  );
});

test('without weights a chunk is limited by its number of items', () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});
