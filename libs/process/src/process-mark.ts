import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * The start time of a process, in the system's own format. Together with the pid it identifies the process permanently; the pid
 * alone may be reused.
 * @returns undefined if no such process is running; a zombie isn't running
 */
export const processMark = (pid: number): string | undefined =>
  existsSync('/proc/self/stat') ? markFromProc(pid) : markFromPs(pid);

function markFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in parentheses and may contain anything, so count from the last parenthesis on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function markFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^(\S+)\s+(.+)$/.exec((stdout ?? '').trim());
  return match && !match[1]!.startsWith('Z') ? match[2] : undefined;
}
