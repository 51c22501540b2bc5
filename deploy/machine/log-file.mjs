// @ts-check
import { copyFileSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const LOG_SIZE_MAX_BYTES = 20 * 1024 * 1024;

/** @param {import('./paths.mjs').Home} home @param {string} name */
export function logFile(home, name) {
  return join(home.logs, `${name}.log`);
}

/** Opens a process's log for appending. @param {import('./paths.mjs').Home} home @param {string} name */
export function openLog(home, name) {
  return openSync(logFile(home, name), 'a', 0o640);
}

/**
 * Moves the content of a full log to `NAME.log.1`. The log is copied and truncated rather than renamed, because the process keeps
 * writing to its open file; the few lines written in between are lost.
 *
 * @param {import('./paths.mjs').Home} home
 */
export function rotateLogs(home) {
  if (!existsSync(home.logs)) return;
  for (const name of readdirSync(home.logs).filter((file) => file.endsWith('.log'))) {
    const path = join(home.logs, name);
    if (statSync(path).size < LOG_SIZE_MAX_BYTES) continue;
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
  }
}

/** The last lines of a file; none if there is no such file. @param {string} path @param {number} count */
export function lastLines(path, count) {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').slice(-count);
}
