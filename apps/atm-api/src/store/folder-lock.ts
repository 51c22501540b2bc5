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
  if (!holder) throw new Error(`several processes compete for ${file}; try again`);
  const where = isOnOtherHost(holder) ? ` on ${holder.host}; remove the file if that process has surely ended` : '';
  throw new Error(`the machines in this folder are run by another process, pid ${holder.pid}${where} (${file})`);
}
