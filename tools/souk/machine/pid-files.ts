import { processMark } from '@souk/process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './write-file';

/** A process that was recorded when it started. */
export interface RecordedProcess {
  name: string;
  pid: number;
  /** See `processMark`. */
  mark: string;
}

/** Records a started process: `NAME.pid` for people and tools, and `NAME.identity` to recognise it later. */
export function writePidFile(runFolder: string, name: string, pid: number): void {
  writeFileAtomically(join(runFolder, `${name}.identity`), `${pid} ${processMark(pid) ?? 'ended'}\n`);
  writeFileAtomically(join(runFolder, `${name}.pid`), `${pid}\n`);
}

export function removePidFile(runFolder: string, name: string): void {
  for (const suffix of ['pid', 'identity']) rmSync(join(runFolder, `${name}.${suffix}`), { force: true });
}

/** The processes recorded in a folder that are still running. */
export function runningProcesses(runFolder: string): RecordedProcess[] {
  if (!existsSync(runFolder)) return [];
  return readdirSync(runFolder).flatMap((file) => {
    const name = /^(.+)\.identity$/.exec(file)?.[1];
    const identity = name === undefined ? undefined : readIdentity(join(runFolder, file));
    if (name === undefined || !identity || processMark(identity.pid) !== identity.mark) return [];
    return [{ name, ...identity }];
  });
}

function readIdentity(path: string): Omit<RecordedProcess, 'name'> | undefined {
  try {
    const match = /^(\d+) (.+)\n$/.exec(readFileSync(path, 'utf8'));
    return match?.[1] && match[2] ? { pid: Number(match[1]), mark: match[2] } : undefined;
  } catch {
    return undefined;
  }
}
