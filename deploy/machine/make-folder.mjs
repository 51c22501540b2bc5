// @ts-check
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder, and any missing parents, with this mode whatever the umask. An existing folder keeps its mode.
 *
 * @param {string} path
 * @param {number} mode
 */
export function makeFolder(path, mode) {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  mkdirSync(path);
  chmodSync(path, mode);
}

/** Lets other users traverse a folder to the readable files in it. @param {string} folder */
export function letPass(folder) {
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o011);
}
