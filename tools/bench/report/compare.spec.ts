import type { Results, SideResult, Throughput } from './results';
import { compareResults } from './compare';

const throughput = (completedPerSecond: number): Throughput => ({
  ...{ completedPerSecond, acceptedPerSecond: completedPerSecond, p50Ms: 1, p99Ms: 2, failed: 0, queueDepth: 0 },
  ...{ cpuPer1000: {}, batchSizes: {} },
});

const side = (name: SideResult['side'], ...rates: number[]): SideResult => ({
  ...{ side: name, latency: [] },
  throughput: rates.map(throughput),
});

const results = (date: string, name: string, ...sides: SideResult[]): Results => ({
  ...{ date, secondsPerMeasurement: 8, rounds: 1 },
  machine: { cpu: '', cores: 2, memoryGiB: 8, versions: {} },
  cases: [{ name, scenario: 'adds', connections: 64, sides }],
  flashSales: [],
});

const earlier = results('2026-01-02T03:04:05Z', 'adds, 64 connections', side('souk', 50, 60), side('floor', 100, 100));

test('the change of each ratio is shown, but not that of the floor itself', () => {
  const current = results('2026-02-02', 'adds, 64 connections', side('souk', 44, 22), side('floor', 80, 40));
  expect(compareResults(earlier, current)).toBe(
    [
      '| Case                 | Side | Ratio 2026-01-02 | Ratio now | Change |',
      '| -------------------- | ---- | ---------------: | --------: | -----: |',
      '| adds, 64 connections | souk |             0.55 |      0.55 | +0.0 % |',
    ].join('\n'),
  );
});

test('a ratio that has fallen has a minus sign', () => {
  const current = results('2026-02-02', 'adds, 64 connections', side('souk', 44), side('floor', 100));
  expect(compareResults(earlier, current)).toContain('| −20.0 % |');
});

test('cases that only one run has are left out', () => {
  const current = results('2026-02-02', 'adds, 1 connection', side('souk', 44), side('floor', 100));
  expect(compareResults(earlier, current)).toBe('The earlier run has none of these cases.');
});
