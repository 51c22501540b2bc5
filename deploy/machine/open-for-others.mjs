// @ts-check
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a folder and its contents readable, and its programs executable, for all users: containers that mount it run as other
 * users, and a clone made under a strict umask is closed to them.
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
