import type { CaseResult } from './results';
import { summarize, type Summary } from './summary';
import { renderBarChart, type Bar } from './bar-chart';

/** @returns the images of the page, by file name */
export function renderCharts(cases: readonly CaseResult[]): Record<string, string> {
  const groups = (barsOf: (summary: Summary) => Bar[]) =>
    cases
      .map((result) => ({ label: result.name, bars: summarize(result, cases).flatMap(barsOf) }))
      .filter(({ bars }) => bars.length > 0);
  return {
    'throughput.svg': renderBarChart({
      title: 'Completed per second, closed loop (more is better)',
      groups: groups(({ side, completedPerSecond }) => [plainBar(side, completedPerSecond)]),
    }),
    'latency.svg': renderBarChart({
      title: "p99 in milliseconds, at half of Souk's maximum rate (less is better)",
      groups: groups(({ side, fixedRate }) => (fixedRate ? [plainBar(side, fixedRate.p99Ms)] : [])),
    }),
    'cpu.svg': renderBarChart({
      title: 'CPU-seconds per 1,000 operations (less is better)',
      groups: groups(({ side, cpuPer1000 }) => [{ label: side, parts: cpuParts(cpuPer1000) }]),
    }),
  };
}

/** The parts have different colours, so a plain bar is one part with the same name everywhere. */
const plainBar = (label: string, value: number): Bar => ({ label, parts: [{ label: 'value', value }] });

/** The processes of the floors have names of their own; in the image they are one part. */
function cpuParts(cpuPer1000: Record<string, number>): Bar['parts'] {
  const parts = new Map<string, number>();
  for (const [name, seconds] of Object.entries(cpuPer1000)) {
    const label = /-floor /.test(name) ? "the floor's processes" : name;
    parts.set(label, (parts.get(label) ?? 0) + seconds);
  }
  return [...parts].map(([label, value]) => ({ label, value }));
}
