import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Bench } from '../measuring/measure-side';
import { median, medianRatio } from '../report/statistics';
import { renderTable } from '../report/table';
import type { Child } from '../system/child';
import type { FilledSystem } from './filled-system';
import { listGrowthCases, type GrowthCase } from './growth-cases';
import type { GrowthOptions } from './growth-options';
import { measureCase } from './measure-case';

const WARM_UP_SECONDS = 15;

/** One of the two systems, and what was measured on it for each case. */
interface Side {
  name: string;
  filled: FilledSystem;
  bench: Bench;
  cases: readonly GrowthCase[];
  figures: Figures[];
}

interface Figures {
  rate: number[];
  p50Ms: number[];
  p99Ms: number[];
  /** Rows read by the database per operation. */
  rows: number[];
  /** Pages read from the disk per operation. */
  pages: number[];
  /** CPU-milliseconds per operation, by process. */
  cpuMs: Record<string, number>[];
  failed: number;
}

/** Measures each case on both systems, one after the other, in every round. */
export async function compareScales(
  loadGenerator: Child,
  systems: { small: FilledSystem; large: FilledSystem },
  { rounds, seconds, scale, caseName = '' }: GrowthOptions,
): Promise<void> {
  const sideOf = (name: string, filled: FilledSystem): Side => {
    const cases = listGrowthCases(filled).filter((each) => each.name.includes(caseName));
    if (cases.length === 0) throw new Error(`No case has a name that contains ${caseName}`);
    const figures = cases.map((): Figures => ({
      rate: [],
      p50Ms: [],
      p99Ms: [],
      rows: [],
      pages: [],
      cpuMs: [],
      failed: 0,
    }));
    return { name, filled, bench: filled.benchWith(loadGenerator), cases, figures };
  };
  const small = sideOf('scale 1', systems.small);
  const large = sideOf(`scale ${scale}`, systems.large);
  for (const index of small.cases.keys())
    for (const side of [small, large]) await runCase(side, index, WARM_UP_SECONDS, false);
  for (let round = 0; round < rounds; round++)
    for (const index of small.cases.keys())
      for (const side of round % 2 === 0 ? [small, large] : [large, small]) await runCase(side, index, seconds, true);
  console.log(`\n${renderComparison(small, large)}`);
  console.log(`\nCPU-milliseconds per operation\n\n${renderCpuTimes(small, large)}`);
}

async function runCase(side: Side, index: number, seconds: number, isKept: boolean): Promise<void> {
  const measured = side.cases[index]!;
  const { database, system } = side.filled;
  const before = await readCounters(database);
  const { completedPerSecond, p50Ms, p99Ms, failed, cpuPer1000 } = await measureCase(
    side.bench,
    system,
    measured,
    seconds,
  );
  const after = await readCounters(database);
  const perOperation = (count: number) => count / (completedPerSecond * seconds);
  console.log(
    `  ${measured.name.padEnd(34)}${side.name.padEnd(10)}${completedPerSecond.toFixed(0).padStart(6)} /s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   ${failed} failed${isKept ? '' : '   (warm-up)'}`,
  );
  if (!isKept) return;
  const figures = side.figures[index]!;
  figures.rate.push(completedPerSecond);
  figures.p50Ms.push(p50Ms);
  figures.p99Ms.push(p99Ms);
  figures.rows.push(perOperation(after.rows - before.rows));
  figures.pages.push(perOperation(after.pages - before.pages));
  figures.cpuMs.push(cpuPer1000);
  figures.failed += failed;
}

/** @returns the numbers of rows and of pages from the disk that the database has read since it started */
async function readCounters(database: Connection): Promise<{ rows: number; pages: number }> {
  const [counters] = await database.query<RowDataPacket[]>(
    "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler\\_read\\_%' OR Variable_name = 'Innodb_buffer_pool_reads'",
  );
  const sum = (isWanted: (name: string) => boolean) =>
    counters.reduce((total, row) => total + (isWanted(String(row.Variable_name)) ? Number(row.Value) : 0), 0);
  return { rows: sum((name) => name.startsWith('Handler')), pages: sum((name) => name.startsWith('Innodb')) };
}

function renderComparison(small: Side, large: Side): string {
  const lines = small.cases.map(({ name }, index) => {
    const figures = [small.figures[index]!, large.figures[index]!];
    const ofBoth = (show: (each: Figures) => string) => figures.map(show);
    return [
      name,
      ...ofBoth(({ rate }) => median(rate).toFixed(0)),
      medianRatio(figures[1]!.rate, figures[0]!.rate).toFixed(2),
      ...ofBoth(({ p50Ms }) => median(p50Ms).toFixed(1)),
      ...ofBoth(({ p99Ms }) => median(p99Ms).toFixed(1)),
      ...ofBoth(({ rows }) => median(rows).toFixed(0)),
      ...ofBoth(({ pages }) => median(pages).toFixed(2)),
      ...ofBoth(({ failed }) => String(failed)),
    ];
  });
  const both = (figure: string) => [`${figure}, ${small.name}`, large.name];
  return renderTable(
    [
      'Case',
      ...both('Rate/s'),
      'Ratio',
      ...both('p50 ms'),
      ...both('p99 ms'),
      ...both('Rows read'),
      ...both('Pages read'),
      ...both('Failed'),
    ],
    lines,
  );
}

/** Shows which processes take more time with more data. */
function renderCpuTimes(small: Side, large: Side): string {
  const processes = Object.keys(small.figures[0]!.cpuMs[0]!);
  const lines = small.cases.flatMap(({ name }, index) =>
    [small, large].map((side) => [
      name,
      side.name,
      ...processes.map((process) => median(side.figures[index]!.cpuMs.map((each) => each[process]!)).toFixed(2)),
    ]),
  );
  return renderTable(['Case', 'System', ...processes], lines, 2);
}
