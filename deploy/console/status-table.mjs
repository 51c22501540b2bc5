// @ts-check

/**
 * Lays out what runs as a table for people.
 *
 * @param {import('../native/supervision/control.mjs').ProcessStatus[]} processes
 * @returns {string}
 */
export function statusTable(processes) {
  const rows = processes.map((one) => [one.name, String(one.pid ?? '-'), String(one.port), describeHealth(one)]);
  const table = [['NAME', 'PID', 'PORT', 'HEALTH'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {import('../native/supervision/control.mjs').ProcessStatus} status */
function describeHealth({ state, isHealthy, detail, restarts, lastEnd }) {
  const history = restarts === 0 ? '' : ` (restarted ${restarts} times, last: ${lastEnd})`;
  if (isHealthy) return `healthy${history}`;
  const word = state === 'running' ? 'not ready' : state;
  return `${word}${detail && detail !== lastEnd ? `: ${detail}` : ''}${history}`;
}
