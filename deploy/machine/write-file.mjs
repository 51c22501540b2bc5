// @ts-check
import { chmodSync, chownSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that a reader sees the old content or the new one, never half of it.
 *
 * @param {string} path
 * @param {string} content
 * @param {{ mode?: number, owner?: { uid: number, gid: number } }} [options]
 */
export function writeFileAtomically(path, content, { mode = 0o644, owner } = {}) {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode });
  chmodSync(temporary, mode); // the umask may have removed bits
  if (owner) chownSync(temporary, owner.uid, owner.gid);
  renameSync(temporary, path);
}
