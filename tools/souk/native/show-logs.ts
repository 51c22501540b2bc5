import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { Failure } from '../console/failure';
import { lastLines, logFile } from '../machine/log-file';
import type { Home } from '../machine/paths';
import { pause } from '../machine/wait';

const LINES = 100;
const POLL_MS = 300;

interface ShownLog {
  path: string;
  /** Printed before each line. */
  prefix: string;
}

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
    prefix: name === undefined ? `${shownName.padEnd(21)} | ` : '',
  }));
  const sizes = logs.map(({ path }) => statSync(path).size);
  for (const { path, prefix } of logs) for (const line of lastLines(path, LINES)) console.log(prefix + line);
  if (isFollowed) await follow(logs, sizes);
}

/** @param sizes of the logs, up to which they have been printed */
async function follow(logs: ShownLog[], sizes: number[]): Promise<never> {
  const offsets = [...sizes];
  for (;;) {
    await pause(POLL_MS);
    logs.forEach(({ path, prefix }, index) => {
      const size = statSync(path).size;
      const offset = Math.min(offsets[index] ?? 0, size);
      const added = readFrom(path, offset, size - offset);
      // A half-written line waits until it is complete.
      const lines = added.subarray(0, added.lastIndexOf('\n') + 1);
      offsets[index] = offset + lines.length;
      if (lines.length > 0) process.stdout.write(lines.toString().replace(/^(?=.)/gm, prefix));
    });
  }
}

function readFrom(path: string, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  } finally {
    closeSync(file);
  }
}
