import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { pause } from '../machine/wait';

const POLL_MS = 300;

export interface FollowedLog {
  /** A log that doesn't exist yet is followed from its first line. */
  path: string;
  /** What is printed for a line. */
  render(line: string): string;
}

/** Prints the lines that are added to logs from now on. @param hasEnded stops following when it returns true */
export async function followLogs(logs: readonly FollowedLog[], hasEnded: () => boolean): Promise<void> {
  const offsets = new Map(logs.map(({ path }) => [path, sizeOf(path)]));
  while (!hasEnded()) {
    await pause(POLL_MS);
    for (const { path, render } of logs) {
      const size = sizeOf(path);
      // A rotated log starts again.
      const offset = Math.min(offsets.get(path) ?? 0, size);
      const added = readFrom(path, offset, size - offset);
      // A half-written line waits until it is complete.
      const lines = added.subarray(0, added.lastIndexOf('\n') + 1);
      offsets.set(path, offset + lines.length);
      const rendered = lines
        .toString()
        .split('\n')
        .map((line) => (line === '' ? '' : render(line)));
      process.stdout.write(rendered.join('\n'));
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(path: string, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  if (length === 0) return buffer;
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  } finally {
    closeSync(file);
  }
}
