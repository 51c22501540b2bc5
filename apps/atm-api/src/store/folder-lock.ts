import { isOnOtherHost, tryLock } from '@souk/process';
import { join } from 'node:path';

/**
 * Locks a folder for this process until `release`. The lock of a dead process is taken over.
 * @throws Error naming the holder and the file
 */
export function lockFolder(folder: string): { release(): void } {
  const file = join(folder, 'lock');
  const attempt = tryLock(file);
  if (attempt.isTaken) return attempt;
  const { holder } = attempt;
  if (!holder) throw new Error(`several processes are trying to lock ${file}; try again`);
  const hostHint = isOnOtherHost(holder)
    ? ` on ${holder.host}; if that process has certainly ended, remove the file`
    : '';
  throw new Error(`another process is using the machines in this folder: pid ${holder.pid}${hostHint} (${file})`);
}
