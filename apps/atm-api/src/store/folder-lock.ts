import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processMark } from './process-mark';

interface Holder {
  host: string;
  pid: number;
  mark: string;
}

/** Attempts to take over the lock of a dead process while others try the same. */
const TRIES_MAX = 10;

/** Locks held by this process. Two stores in one process have the same pid, so the pid can't tell them apart. */
const heldHere = new Set<string>();

/**
 * Locks a folder for this process until `release`. The lock of a dead process is taken over.
 * @throws Error naming the holder and the file
 */
export function lockFolder(folder: string): { release(): void } {
  const file = join(folder, 'lock');
  const own: Holder = { host: hostname(), pid: process.pid, mark: processMark(process.pid) ?? '' };
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    if (tryToAcquire(file, own)) {
      heldHere.add(file);
      return {
        release: () => {
          if (heldHere.delete(file)) rmSync(file, { force: true });
        },
      };
    }
    const holder = readHolder(file);
    if (!holder) continue;
    requireDead(file, holder);
    removeStale(file, holder);
  }
  throw new Error(`Several processes compete for ${file}; try again`);
}

/** Creates the lock file with its content in one step, so that no process ever reads half of it. */
function tryToAcquire(file: string, own: Holder): boolean {
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

/** @throws Error unless the holder is certainly dead, which can't be determined here for a process on another host */
function requireDead(file: string, { host, pid, mark }: Holder): void {
  const isElsewhere = host !== hostname();
  if (!isElsewhere && !heldHere.has(file) && processMark(pid) !== mark) return;
  const where = isElsewhere ? ` on ${host}; remove the file if that process has certainly ended` : '';
  throw new Error(`the machines in this folder are run by another process, pid ${pid}${where} (${file})`);
}

/**
 * Removes the lock of a dead process. The lock is moved aside and checked again: another process may have done the same and
 * now hold its own lock, which is then put back.
 */
function removeStale(file: string, holder: Holder): void {
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
function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { host: hostname(), pid: 0, mark: 'unreadable' };
  }
}
