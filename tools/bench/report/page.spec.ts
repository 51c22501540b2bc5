import type { Results, SideResult } from './results';
import { renderCharts } from './charts';
import { renderPage } from './page';

const side = (name: SideResult['side'], completedPerSecond: number): SideResult => ({
  side: name,
  throughput: [
    {
      ...{ acceptedPerSecond: 1_300, completedPerSecond, p50Ms: 10.04, p99Ms: 20, failed: 0, queueDepth: 3 },
      cpuPer1000: { [`${name} process`]: 0.25, mysql: 0.5 },
      batchSizes: { [`${name}.jobs`]: 12.345 },
    },
  ],
  latency: [{ ratePerSecond: 600, p50Ms: 2, p99Ms: 4.25, failed: 0 }],
});

const results: Results = {
  ...{ date: '2026-01-02T03:04:05Z', secondsPerMeasurement: 8, rounds: 1 },
  machine: { cpu: 'A CPU', cores: 2, memoryGiB: 8, versions: { 'Node.js': '24.1.0', MySQL: '8.4' } },
  cases: [
    {
      ...{ name: 'adds, 64 connections', scenario: 'adds', connections: 64 },
      sides: [side('souk', 1_200), side('floor', 2_400)],
    },
  ],
  flashSales: [],
};

test('the page names the machine, the versions and the date', () => {
  const page = renderPage(results);
  expect(page).toContain('2026-01-02, A CPU, 2 cores, 8 GiB; Node.js 24.1.0, MySQL 8.4;');
  expect(page).toContain('1 round of 8 s');
});

test('the page has the rates, the ratio, the CPU time with its total, and the batch sizes', () => {
  const page = renderPage(results).replace(/ +/g, ' ');
  expect(page).toContain(
    '| adds, 64 connections | souk | 1,300 | 1,200 | 0.50 | 10.0 | 20.0 | 600 | 2.0 | 4.3 | 0 | 3 |',
  );
  expect(page).toContain('| CPU-seconds per 1,000 | 64: souk | 64: floor |');
  expect(page).toContain('| souk process | 0.25 | – |');
  expect(page).toContain('| total | 0.75 | 0.75 |');
  expect(page).toContain('| souk.jobs | 12.35 | – |');
});

test('scenarios that did not run have no section', () => {
  expect(renderPage(results)).not.toContain('## Deposits');
  expect(renderPage(results)).not.toContain('## Flash sale');
});

test('the page has the rounds of the flash sale', () => {
  const sale = { stock: 8, completedOrders: 8, outcomes: { completed: 8, INSUFFICIENT_STOCK: 7 }, p50Ms: 5, maxMs: 9 };
  const page = renderPage({ ...results, flashSales: [sale] }).replace(/ +/g, ' ');
  expect(page).toContain('## Flash sale\n');
  expect(page).toContain('| 1 | 8 | 8 | 7 | 0 | 5.0 | 9.0 |');
});

test('the page shows every image that exists', () => {
  const page = renderPage(results);
  for (const name of Object.keys(renderCharts(results.cases))) expect(page).toContain(`](${name})`);
});
