import { copyFileSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import type { Home } from './paths';
import type { CommandResult } from './run-command';

const LOG_SIZE_MAX_BYTES = 20 * 1024 * 1024;

export function logFile(home: Home, name: string): string {
  return join(home.logs, `${name}.log`);
}

/** Opens a process's log for appending. */
export function openLog(home: Home, name: string): number {
  return openSync(logFile(home, name), 'a', 0o640);
}

/**
 * Moves the content of a full log to `NAME.log.1`. The log is copied and truncated rather than renamed, because the process keeps
 * writing to its open file; the few lines written in between are lost.
 */
export function rotateLogs(home: Home): void {
  if (!existsSync(home.logs)) return;
  for (const name of readdirSync(home.logs).filter((file) => file.endsWith('.log'))) {
    const path = join(home.logs, name);
    if (statSync(path).size < LOG_SIZE_MAX_BYTES) continue;
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
  }
}

/** The last lines of a file; none if there is no such file. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').slice(-count);
}

/** The failure of a command whose output went to a log. */
export function loggedFailure(title: string, file: string, { code, stderr }: CommandResult): Failure {
  const end = [stderr, ...lastLines(file, 25)].filter((line) => line !== '').map((line) => `  ${line}`);
  return new Failure(
    [`${title} failed (exit ${code}). The end of the log:`, ...end, `The whole log: ${file}`].join('\n'),
  );
}
