import type { BrokenRow, CheckResult } from './check-result';

/** The totals of all checks. */
interface Summary {
  ok: number;
  broken: number;
  skipped: number;
  /** Rows read by all checks together. */
  rows: number;
}

export function summarize(results: readonly CheckResult[]): Summary {
  const summary: Summary = { ok: 0, broken: 0, skipped: 0, rows: 0 };
  for (const result of results) {
    summary[result.outcome] += 1;
    if (result.outcome !== 'skipped') summary.rows += result.rows;
  }
  return summary;
}

/** A result for people: one line, followed by the broken rows. */
export function resultText(result: CheckResult): string {
  const { promise, name } = result.check;
  if (result.outcome === 'skipped') return `skipped  ${promise}: ${result.reason}`;
  const extent = `${count(result.rows)} rows, ${seconds(result.durationMs)}`;
  if (result.outcome === 'ok') return `ok       ${promise} (${extent})`;
  const { broken, brokenCount } = result;
  const hasMore = brokenCount > broken.length;
  return [
    `BROKEN   ${promise} (${extent}) [${name}]`,
    ...broken.map((row) => `         ${rowText(row)}`),
    ...(hasMore ? [`         … the first ${broken.length} of at least ${count(brokenCount)}`] : []),
  ].join('\n');
}

export function summaryText(results: readonly CheckResult[], durationMs: number): string {
  const { ok, broken, skipped, rows } = summarize(results);
  const verdict = broken === 0 ? 'nothing is broken' : `${broken} broken`;
  return `${results.length} checks: ${verdict}, ${ok} ok, ${skipped} skipped; ${count(rows)} rows in ${seconds(durationMs)}`;
}

/** The whole report for programs, in JSON: times in ISO 8601, big integers as strings. */
export function reportJson(results: readonly CheckResult[], durationMs: number): string {
  const checks = results.map(({ check: { name, promise }, ...result }) => ({ name, promise, ...result }));
  return JSON.stringify({ ...summarize(results), durationMs: Math.round(durationMs), checks }, undefined, 2);
}

/** `id` first, then the figures. */
function rowText({ id, ...figures }: BrokenRow): string {
  return [`${id}`, ...Object.entries(figures).map(([name, value]) => `${name}=${figureText(value)}`)].join('  ');
}

function figureText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || text.includes(' ') ? `"${text}"` : text;
}

const count = (rows: number) => rows.toLocaleString('en-US');
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
