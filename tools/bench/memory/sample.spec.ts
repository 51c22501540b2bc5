import { createMetrics } from '@souk/service';
import { parseUsage } from './sample';

test('the usage is read from the metrics', () => {
  const page = `# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes{service="cart-api"} 104857600
nodejs_heap_size_used_bytes{service="cart-api"} 4.5e7
nodejs_heap_size_total_bytes{service="cart-api"} 9
process_start_time_seconds{service="cart-api"} 1764500000
`;
  expect(parseUsage(page)).toEqual({ residentBytes: 104_857_600, heapBytes: 45_000_000, startedAt: 1_764_500_000 });
});

test('an app has these metrics', async () => {
  const { residentBytes, heapBytes } = parseUsage(await createMetrics('cart-api').metrics());
  expect(residentBytes).toBeGreaterThan(heapBytes);
  expect(heapBytes).toBeGreaterThan(1_000_000);
});

test('a missing metric is named', () =>
  expect(() => parseUsage('process_resident_memory_bytes 1\n')).toThrow('nodejs_heap_size_used_bytes is missing'));
