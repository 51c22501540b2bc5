// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './write-file.mjs';

/**
 * When a process was started, in whatever unit the system uses. Together with the pid it identifies one process for good: a pid
 * alone may be reused.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined if no such process runs; a zombie doesn't count as running
 */
export function startMark(pid) {
  return existsSync('/proc/self/stat') ? startMarkFromProc(pid) : startMarkFromPs(pid);
}

/** @param {number} pid */
function startMarkFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in parentheses and may contain anything, so count from the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {number} pid */
function startMarkFromPs(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^(\S+)\s+(.+)$/.exec((stdout ?? '').trim());
  return match && !match[1]?.startsWith('Z') ? match[2] : undefined;
}

/**
 * Records a started process: `NAME.pid` for people and tools, and `NAME.identity` to recognise it later.
 *
 * @param {string} runFolder
 * @param {string} name
 * @param {number} pid
 */
export function writePidFile(runFolder, name, pid) {
  writeFileAtomically(join(runFolder, `${name}.identity`), `${pid} ${startMark(pid) ?? 'gone'}\n`);
  writeFileAtomically(join(runFolder, `${name}.pid`), `${pid}\n`);
}

/** @param {string} runFolder @param {string} name */
export function removePidFile(runFolder, name) {
  for (const suffix of ['pid', 'identity']) rmSync(join(runFolder, `${name}.${suffix}`), { force: true });
}

/**
 * The processes recorded in a folder that are still running.
 *
 * @param {string} runFolder
 * @returns {{ name: string, pid: number, mark: string }[]}
 */
export function runningProcesses(runFolder) {
  if (!existsSync(runFolder)) return [];
  return readdirSync(runFolder).flatMap((file) => {
    const name = /^(.+)\.identity$/.exec(file)?.[1];
    const identity = name === undefined ? undefined : readIdentity(join(runFolder, file));
    if (name === undefined || !identity || startMark(identity.pid) !== identity.mark) return [];
    return [{ name, ...identity }];
  });
}

/** @param {string} path */
function readIdentity(path) {
  try {
    const match = /^(\d+) (.+)\n$/.exec(readFileSync(path, 'utf8'));
    return match?.[1] && match[2] ? { pid: Number(match[1]), mark: match[2] } : undefined;
  } catch {
    return undefined;
  }
}
