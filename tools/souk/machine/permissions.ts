import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Creates a folder, and any missing parents, with this mode whatever the umask. An existing folder keeps its mode. */
export function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  mkdirSync(path);
  chmodSync(path, mode);
}

/** Lets other users traverse a folder to the readable files in it. */
export function makeTraversable(folder: string): void {
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o011);
}

/**
 * Makes a folder and its contents readable, and its programs executable, for all users: containers that mount it run as other
 * users, and a clone made under a strict umask is closed to them.
 */
export function makeReadable(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  const mode = stats.mode & 0o7777;
  const readable = mode | 0o444 | (mode & 0o100 ? 0o111 : 0);
  if (mode !== readable) chmodSync(path, readable);
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeReadable(join(path, name));
}
