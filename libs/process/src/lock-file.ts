import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { processMark } from './process-mark';

/** The process that holds a lock. */
export interface LockHolder {
  host: string;
  pid: number;
  /** See `processMark`. */
  mark: string;
}

/** If the lock wasn't taken: its holder, or undefined if several processes compete for it. */
export type LockAttempt = { isTaken: true; release(): void } | { isTaken: false; holder: LockHolder | undefined };

/** Maximum number of attempts to take over the lock of a dead process while other processes try the same. */
const ATTEMPTS_MAX = 10;

/** Locks held by this process. Two holders in one process have the same pid, so the pid can't tell them apart. */
const heldByThisProcess = new Set<string>();

/**
 * Takes a lock, which only one process at a time can hold, by creating its file. The lock of a dead process is taken over, unless
 * it ran on another host: whether it has ended can't be determined from here.
 */
export function tryLock(file: string): LockAttempt {
  const own: LockHolder = { host: hostname(), pid: process.pid, mark: processMark(process.pid) ?? '' };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (createInOneStep(file, own)) {
      heldByThisProcess.add(file);
      return { isTaken: true, release: () => release(file) };
    }
    const holder = readHolder(file);
    if (holder && (isOnOtherHost(holder) || heldByThisProcess.has(file) || processMark(holder.pid) === holder.mark))
      return { isTaken: false, holder };
    if (holder) removeStale(file, holder);
  }
  return { isTaken: false, holder: undefined };
}

export const isOnOtherHost = ({ host }: LockHolder): boolean => host !== hostname();

function release(file: string): void {
  if (heldByThisProcess.delete(file)) rmSync(file, { force: true });
}

/** Creates the file with its content in one step, so that no process ever reads half of it. @returns false if the file exists */
function createInOneStep(file: string, own: LockHolder): boolean {
  const prepared = `${file}.${own.pid}`;
  writeFileSync(prepared, JSON.stringify(own));
  try {
    linkSync(prepared, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/**
 * Removes the lock of a dead process. The lock is moved aside and checked again: another process may have done the same and
 * now hold its own lock, which is then put back.
 */
function removeStale(file: string, holder: LockHolder): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    const moved = readHolder(aside);
    if (moved?.pid !== holder.pid || moved.mark !== holder.mark) linkSync(aside, file);
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
}

/** @returns undefined if there is no lock; pid 0 if it can't be parsed */
function readHolder(file: string): LockHolder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return { host: hostname(), pid: 0, mark: 'unreadable' };
  }
}
