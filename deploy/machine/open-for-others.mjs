// @ts-check
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets every user read a folder with all that is in it, and run its programs: containers mount it, and run as other users. A clone that
 * was made under a strict umask is closed to them.
 *
 * @param {string} path
 */
export function openForOthers(path) {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  const mode = stats.mode & 0o7777;
  const wanted = mode | 0o444 | (mode & 0o100 ? 0o111 : 0);
  if (mode !== wanted) chmodSync(path, wanted);
  if (stats.isDirectory()) for (const name of readdirSync(path)) openForOthers(join(path, name));
}
