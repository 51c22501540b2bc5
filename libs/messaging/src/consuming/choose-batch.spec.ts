import fc from 'fast-check';
import { BATCH_WEIGHT_MAX, chooseBatch } from './choose-batch';
import type { ReceivedJob } from './job-delivery';

const received = (weight: number, deliveries = 0) =>
  ({
    source: { raw: { properties: { headers: { 'x-delivery-count': deliveries } } } },
    weight,
  }) as unknown as ReceivedJob;

test('a small message joins the next batch, however many large ones are ahead of it', () => {
  const large = Array.from({ length: 100 }, () => received(1_000));
  const small = received(1);
  expect(chooseBatch([...large, small], 256)).toEqual([large[0], small]);
});

test('a message that is too heavy for any batch is handled alone once it is the oldest', () => {
  const heavy = received(60_000);
  const light = received(1);
  expect(chooseBatch([light, heavy], 256)).toEqual([light]);
  expect(chooseBatch([heavy, light], 256)).toEqual([heavy]);
});

test('a message that may be killing its consumer is handled alone, and not before its turn', () => {
  const suspect = received(1, 2);
  const harmless = received(1);
  expect(chooseBatch([suspect, harmless], 256)).toEqual([suspect]);
  expect(chooseBatch([harmless, suspect, harmless], 256)).toEqual([harmless, harmless]);
});

test('a batch contains the oldest message, keeps the order, and exceeds neither the count nor the weight', () => {
  const messages = fc.array(
    fc.tuple(fc.constantFrom(1, 2, 700, 1_000, 1_999, 2_000, 5_000), fc.constantFrom(0, 0, 0, 2)),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 20 }), (parts, batchMax) => {
      const waiting = parts.map((part) => received(...part));
      const batch = chooseBatch(waiting, batchMax);
      expect(batch[0]).toBe(waiting[0]);
      expect(batch.length).toBeLessThanOrEqual(batchMax);
      expect(batch).toEqual(waiting.filter((job) => batch.includes(job)));
      if (batch.length > 1)
        expect(batch.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(BATCH_WEIGHT_MAX);
    }),
  );
});
