import { chmodSync, chownSync, renameSync, writeFileSync } from 'node:fs';
import type { Owner } from './run-command';

/** Writes a file so that a reader sees the old content or the new one, never half of it. */
export function writeFileAtomically(
  path: string,
  content: string,
  { mode = 0o644, owner }: { mode?: number; owner?: Owner | undefined } = {},
): void {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode });
  chmodSync(temporary, mode); // the umask may have removed bits
  if (owner) chownSync(temporary, owner.uid, owner.gid);
  renameSync(temporary, path);
}
