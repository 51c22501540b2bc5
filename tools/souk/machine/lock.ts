import { isOnOtherHost, tryLock } from '@souk/process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { printProgress } from '../console/progress';
import type { Home } from './paths';
import { pause } from './wait';

const POLL_MS = 250;
const WAIT_MAX_MINUTES = 20;

/** The lock file of a home. */
export function lockFile(home: Home): string {
  return join(home.folder, 'lock');
}

/** Runs a task that changes a home, once no other command is doing so. */
export async function withLock<T>(home: Home, task: () => Promise<T>): Promise<T> {
  const release = await takeLock(home);
  process.on('exit', release);
  try {
    return await task();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function takeLock(home: Home): Promise<() => void> {
  const file = lockFile(home);
  const deadline = Date.now() + WAIT_MAX_MINUTES * 60_000;
  for (let isAnnounced = false; ; await pause(POLL_MS)) {
    // The previous holder may have removed the home.
    mkdirSync(home.folder, { recursive: true });
    const attempt = tryLock(file);
    if (attempt.isTaken) return attempt.release;
    const { holder } = attempt;
    if (!holder) continue;
    if (isOnOtherHost(holder)) {
      const who = `pid ${holder.pid} on ${holder.host}`;
      throw new Failure(`The lock ${file} belongs to ${who}. If that process has ended, remove the file.`);
    }
    if (Date.now() > deadline)
      throw new Failure(`Another command (pid ${holder.pid}) has held ${file} for ${WAIT_MAX_MINUTES} minutes.`);
    if (!isAnnounced) printProgress(`Waiting for another command to finish (pid ${holder.pid}) …`);
    isAnnounced = true;
  }
}
