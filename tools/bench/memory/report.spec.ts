import { renderPage, renderTrends, type MemoryResults } from './report';

const MIB = 2 ** 20;
/** Grows by 6 MiB per minute, after a much higher start. */
const samples = Array.from({ length: 61 }, (_, index) => ({
  atSeconds: 10 * index,
  usages: {
    'cart-api': { residentBytes: (index < 12 ? 900 : 100 + index) * MIB, heapBytes: 40 * MIB, startedAt: 1 },
  },
}));
const results: MemoryResults = {
  ...{ date: '2026-01-02T03:04:05Z', minutes: 10, samples },
  machine: { cpu: 'A CPU', cores: 2, memoryGiB: 8, versions: { 'Node.js': '24.1.0' } },
  loads: [
    { name: 'adds', rate: 1_113.4, completed: 667_890, failed: 2 },
    { name: 'checkouts', rate: 127.6, completed: 76_560, failed: 0 },
  ],
};

test('the tables have the memory after the warm-up and at the end, the growth and the slope', () => {
  const tables = renderTrends(results).replace(/ +/g, ' ');
  expect(tables).toContain('| Resident memory | after the warm-up, MiB |');
  // The readings from 12 to 60 are used: the medians are those of 12 to 21 and of 51 to 60.
  expect(tables).toContain('| cart-api | 116.5 | 155.5 | 33.5 | 360.0 |');
  expect(tables).toContain('| Used heap | after the warm-up, MiB |');
  expect(tables).toContain('| cart-api | 40.0 | 40.0 | 0.0 | 0.0 |');
});

test('the page has the machine and the load', () => {
  const page = renderPage(results);
  expect(page).toContain('2026-01-02, A CPU, 2 cores, 8 GiB; Node.js 24.1.0.');
  expect(page).toContain('For 10 minutes, Souk received 1,113 adds and 128 checkouts per second');
  expect(page).toContain('667,890 adds completed, 2 failed; 76,560 checkouts completed, 0 failed');
});
