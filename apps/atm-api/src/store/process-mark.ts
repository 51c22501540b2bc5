import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * When a process was started, in whatever unit the system has. Together with the pid it names one process for ever: a pid
 * alone may long belong to another one.
 * @returns nothing when no such process runs; a zombie doesn't run
 */
export const processMark = (pid: number): string | undefined =>
  existsSync('/proc/self/stat') ? markFromProc(pid) : markFromPs(pid);

function markFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold anything, so count from the last bracket on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function markFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^(\S+)\s+(.+)$/.exec((stdout ?? '').trim());
  return match && !match[1]!.startsWith('Z') ? match[2] : undefined;
}
