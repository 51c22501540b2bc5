import { meanBatchSizes, parseBatches } from './batch-sizes';

const page = `# TYPE souk_batch_size histogram
souk_batch_size_bucket{le="1",queue="cart-worker.jobs",app="cart-worker"} 3
souk_batch_size_sum{queue="cart-worker.jobs",app="cart-worker"} 90
souk_batch_size_count{queue="cart-worker.jobs",app="cart-worker"} 30
souk_batch_size_sum{queue="cart-worker.checkout-results"} 4
souk_batch_size_count{queue="cart-worker.checkout-results"} 4
`;

test('batches are read from the metrics', () => {
  expect(parseBatches(page)).toEqual({
    'cart-worker.jobs': { batches: 30, items: 90 },
    'cart-worker.checkout-results': { batches: 4, items: 4 },
  });
});

test('a mean covers only the batches of the measurement', () => {
  const before = { jobs: { batches: 30, items: 90 }, idle: { batches: 4, items: 4 } };
  const after = { jobs: { batches: 40, items: 190 }, idle: { batches: 4, items: 4 }, fresh: { batches: 2, items: 3 } };
  expect(meanBatchSizes(before, after)).toEqual({ jobs: 10, fresh: 1.5 });
});
