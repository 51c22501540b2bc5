import type { CaseResult } from './results';
import { summarize, type Summary } from './summary';
import { count, oneDecimal, twoDecimals } from './numbers';
import { renderTable } from './table';

const HEADER = [
  ...['Case', 'Side', 'Accepted/s', 'Completed/s', 'Ratio', 'p50 ms', 'p99 ms'],
  ...['Fixed rate/s', 'p50 ms', 'p99 ms', 'Failed', 'Queued'],
];

/** What every side uses comes after the processes of the sides. */
const LAST_ROWS = ['mysql', 'rabbitmq', 'redis', 'limits-redis', 'load generator', 'Souk, idle', 'total'];

/** Throughput and latency of each side of each case. */
export function renderRates(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap((result) =>
    summarize(result, cases).map((side, index) => [index === 0 ? result.name : '', ...rateCells(side)]),
  );
  return renderTable(HEADER, rows, 2);
}

function rateCells(summary: Summary): string[] {
  const { fixedRate } = summary;
  return [
    summary.side,
    count(summary.acceptedPerSecond),
    count(summary.completedPerSecond),
    twoDecimals(summary.ratio),
    oneDecimal(summary.p50Ms),
    oneDecimal(summary.p99Ms),
    count(fixedRate?.ratePerSecond),
    oneDecimal(fixedRate?.p50Ms),
    oneDecimal(fixedRate?.p99Ms),
    count(summary.failed + (fixedRate?.failed ?? 0)),
    count(summary.queueDepth),
  ];
}

/** CPU-seconds per 1,000 completed operations: a row per process, and a column per case and side. */
export function renderCpu(cases: readonly CaseResult[]): string {
  return renderMatrix('CPU-seconds per 1,000', cases, ({ cpuPer1000 }) => withTotal(cpuPer1000));
}

/** Mean batch sizes: a row per queue, and a column per case and side. */
export function renderBatchSizes(cases: readonly CaseResult[]): string {
  return renderMatrix('Jobs per batch', cases, ({ batchSizes }) => batchSizes);
}

function withTotal(times: Record<string, number>): Record<string, number> {
  const total = Object.values(times).reduce((sum, seconds) => sum + seconds, 0);
  return { ...times, total };
}

function renderMatrix(
  title: string,
  cases: readonly CaseResult[],
  valuesOf: (summary: Summary) => Record<string, number>,
): string {
  const columns = cases.flatMap((result) =>
    summarize(result, cases).map((summary) => ({ name: columnName(result, summary), values: valuesOf(summary) })),
  );
  const names = [...new Set(columns.flatMap(({ values }) => Object.keys(values)))];
  const isLast = (name: string) => Number(LAST_ROWS.includes(name));
  names.sort((a, b) => isLast(a) - isLast(b) || LAST_ROWS.indexOf(a) - LAST_ROWS.indexOf(b));
  const rows = names.map((name) => [name, ...columns.map(({ values }) => twoDecimals(values[name]))]);
  return renderTable([title, ...columns.map(({ name }) => name)], rows);
}

/** Without the scenario, which the heading names. */
const columnName = ({ name, scenario }: CaseResult, { side }: Summary) =>
  `${name.slice(scenario.length + 2).replace(/ connections?$/, '')}: ${side}`;
