// @ts-check
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder with this mode, whatever the umask; folders above it that are missing get it, too. One that exists is left alone.
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

/** Lets other users pass through a folder to what they may read inside it. @param {string} folder */
export function letPass(folder) {
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o011);
}
