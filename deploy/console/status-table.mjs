// @ts-check

/**
 * @typedef {object} ProcessRow
 * @property {string} name
 * @property {number | undefined} pid
 * @property {number | undefined} port
 * @property {string} state
 * @property {boolean} isHealthy
 * @property {string} detail why it isn't healthy
 * @property {number} restarts
 * @property {string} lastEnd how it last ended, if ever
 */

/**
 * Formats processes as a table for people.
 *
 * @param {ProcessRow[]} processes
 * @returns {string}
 */
export function statusTable(processes) {
  const rows = processes.map((one) => [one.name, String(one.pid ?? '-'), String(one.port ?? '-'), describeHealth(one)]);
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

/** @param {ProcessRow} status */
function describeHealth({ state, isHealthy, detail, restarts, lastEnd }) {
  const history = restarts === 0 ? '' : ` (restarted ${restarts} times, last: ${lastEnd})`;
  if (isHealthy) return `healthy${history}`;
  const word = state === 'running' ? 'not ready' : state;
  return `${word}${detail && detail !== lastEnd ? `: ${detail}` : ''}${history}`;
}
