// @ts-check
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { tell } from '../console/progress.mjs';
import { startMark } from './process-identity.mjs';

const POLL_MS = 250;
const WAIT_MAX_MS = 20 * 60_000;

/** The lock of a home. @param {import('./paths.mjs').Home} home */
export function lockFile(home) {
  return join(home.folder, 'lock');
}

/**
 * Runs a task under a lock, which only one process at a time can hold. A lock whose holder is gone is ignored.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withLock(file, task) {
  mkdirSync(dirname(file), { recursive: true });
  await takeLock(file);
  const giveBack = () => rmSync(file, { force: true });
  process.on('exit', giveBack);
  try {
    return await task();
  } finally {
    process.off('exit', giveBack);
    giveBack();
  }
}

/** @param {string} file */
async function takeLock(file) {
  const deadline = Date.now() + WAIT_MAX_MS;
  for (let hasTold = false; !tryToTake(file);) {
    const holder = readHolder(file);
    if (holder && startMark(holder.pid) !== holder.mark) {
      removeStale(file, holder);
      continue;
    }
    if (!hasTold && holder) tell(`Another command is at work here (pid ${holder.pid}); waiting for it.`);
    hasTold = hasTold || holder !== undefined;
    if (Date.now() > deadline) throw new Failure(`Gave up waiting for pid ${holder?.pid}; the lock is ${file}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Creates the lock with its content in one step, so that it is never read half-written. @param {string} file */
function tryToTake(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startMark(process.pid)}`);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. The lock is moved aside and read again: if another process has replaced it
 * meanwhile, it is put back.
 *
 * @param {string} file
 * @param {{ pid: number }} holder
 */
function removeStale(file, holder) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside)?.pid !== holder.pid) linkSync(aside, file);
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
}

/**
 * @param {string} file
 * @returns {{ pid: number, mark: string } | undefined} undefined if there is no lock; pid 0 if it is malformed
 */
function readHolder(file) {
  try {
    const match = /^(\d+) (.+)$/m.exec(readFileSync(file, 'utf8'));
    return { pid: Number(match?.[1] ?? 0), mark: match?.[2] ?? '' };
  } catch {
    return undefined;
  }
}
