import type { ProcessStatus } from '../runtime';

/** Formats processes as a table for users. */
export function statusTable(processes: readonly ProcessStatus[]): string {
  const rows = processes.map((status) => [
    ...[status.name, String(status.pid ?? '-'), String(status.port ?? '-'), describeHealth(status)],
  ]);
  const table = [['NAME', 'PID', 'PORT', 'HEALTH'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const format = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return table.map((row) => format(row).trimEnd()).join('\n');
}

function describeHealth({ state, isHealthy, detail, restarts, lastExit }: ProcessStatus): string {
  const history =
    restarts === 0 ? '' : ` (${restarts === 1 ? '1 restart' : `${restarts} restarts`}, last exit: ${lastExit})`;
  if (isHealthy) return `healthy${history}`;
  const word = state === 'running' ? 'not ready' : state;
  return `${word}${detail && detail !== lastExit ? `: ${detail}` : ''}${history}`;
}
