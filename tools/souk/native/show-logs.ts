import { existsSync, readdirSync } from 'node:fs';
import { Failure } from '../console/failure';
import { lastLines, logFile } from '../machine/log-file';
import type { Home } from '../machine/paths';
import { followLogs } from './follow-logs';

const LINES = 100;

/**
 * Prints the end of one log, or of all logs with the process's name before each line.
 * @param options isFollowed: lines added later are printed too, until the user interrupts
 */
export async function showLogs(
  home: Home,
  name: string | undefined,
  { isFollowed }: { isFollowed: boolean },
): Promise<void> {
  const names = existsSync(home.logs)
    ? readdirSync(home.logs).flatMap((file) => /^(.+)\.log$/.exec(file)?.[1] ?? [])
    : [];
  if (name !== undefined && !names.includes(name))
    throw new Failure(`There is no log of "${name}". Logs: ${names.join(', ') || 'none yet'}.`);
  const logs = (name === undefined ? names : [name]).map((shownName) => ({
    path: logFile(home, shownName),
    render: (line: string) => (name === undefined ? `${shownName.padEnd(21)} | ${line}` : line),
  }));
  // First, so that no line is missed in between; it prints nothing at once.
  const following = isFollowed ? followLogs(logs, () => false) : undefined;
  for (const { path, render } of logs) for (const line of lastLines(path, LINES)) console.log(render(line));
  await following;
}
