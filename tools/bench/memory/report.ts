import type { Machine } from '../measuring/machine';
import { renderMachine } from '../measuring/machine-line';
import { count, oneDecimal } from '../report/numbers';
import { renderTable } from '../report/table';
import type { LoadTotal } from './load';
import type { Sample, Usage } from './sample';
import { trendOf, warmUpSeconds } from './trend';

export interface MemoryResults {
  date: string;
  minutes: number;
  machine: Machine;
  loads: LoadTotal[];
  samples: Sample[];
}

const COLUMNS = ['after the warm-up, MiB', 'at the end, MiB', 'growth %', 'slope, MiB per hour'];
const FIGURES: { title: string; read: (usage: Usage) => number }[] = [
  { title: 'Resident memory', read: ({ residentBytes }) => residentBytes },
  { title: 'Used heap', read: ({ heapBytes }) => heapBytes },
];

/** A table for resident memory and one for the used heap, with a row per process. */
export function renderTrends({ samples, minutes }: MemoryResults): string {
  const measured = samples.filter(({ atSeconds }) => atSeconds >= warmUpSeconds(minutes * 60));
  const processes = Object.keys(samples[0]?.usages ?? {});
  return FIGURES.map(({ title, read }) => {
    const rows = processes.map((name) => {
      const readings = measured.map(({ atSeconds, usages }) => ({ atSeconds, bytes: read(usages[name]!) }));
      const { firstMiB, lastMiB, growthPercent, mibPerHour } = trendOf(readings);
      return [name, ...[firstMiB, lastMiB, growthPercent, mibPerHour].map(oneDecimal)];
    });
    return renderTable([title, ...COLUMNS], rows);
  }).join('\n\n');
}

/** @returns the Markdown page about a run */
export function renderPage(results: MemoryResults): string {
  const { date, minutes, machine, loads } = results;
  const rates = loads.map(({ name, rate }) => `${count(rate)} ${name}`).join(' and ');
  const outcomes = loads.map(
    ({ name, completed, failed }) => `${count(completed)} ${name} completed, ${count(failed)} failed`,
  );
  return `# Memory

This page was written by \`npm run bench:memory\`, which starts a private system and needs no preparation.

${renderMachine(date, machine)}.

For ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, Souk received ${rates} per second: 80 % of its capacity, shared equally. In total: ${outcomes.join('; ')}.

The memory of every process was read every 10 s, from its \`/metrics\`. Readings from the first ${count(warmUpSeconds(minutes * 60))} s, the warm-up, are left
out. _After the warm-up_ is the median of the first fifth of the other readings, and _at the end_ that of the last fifth. The
slope is that of a linear regression over all of them.

${renderTrends(results)}
`;
}
