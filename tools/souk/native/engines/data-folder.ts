import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../console/failure';
import type { Home } from '../../machine/paths';
import { makeFolder, makeTraversable } from '../../machine/permissions';
import type { Owner } from '../../machine/run-command';

/** Where the data goes if the engines' users can't reach the home, as in a clone under /root. */
const FALLBACK_PARENT = '/var/lib/souk';

/**
 * The user an engine runs as: for root, the one that its package created, or else `nobody`; otherwise the current user.
 * @returns undefined for the current user
 */
export function engineOwner(name: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return lookUpUser(name) ?? lookUpUser('nobody');
}

function lookUpUser(name: string): Owner | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Creates the home's data folder if there is none. The location is decided once and kept as a link, so that data never seems lost
 * because a permission changed.
 * @returns the folder elsewhere, if one had to be used
 */
export function makeDataFolder(home: Home): string | undefined {
  if (existsSync(home.data)) return isElsewhere(home) ? realpathSync(home.data) : undefined;
  const owner = engineOwner('mysql');
  if (owner) makeTraversable(home.folder);
  rmSync(home.data, { force: true });
  if (!owner || canReach(home.folder, owner)) {
    makeFolder(home.data, 0o711);
    return undefined;
  }
  const fallback = join(FALLBACK_PARENT, createHash('sha256').update(home.folder).digest('hex').slice(0, 12));
  makeFolder(fallback, 0o711);
  for (const folder of [FALLBACK_PARENT, fallback]) makeTraversable(folder);
  if (!canReach(fallback, owner))
    throw new Failure(`The engines' users have access neither to ${home.folder} nor to ${fallback}.`);
  symlinkSync(fallback, home.data);
  return fallback;
}

/** Removes the data, wherever it is. */
export function removeDataFolder(home: Home): void {
  if (existsSync(home.data) && isElsewhere(home)) rmSync(realpathSync(home.data), { recursive: true, force: true });
  rmSync(home.data, { recursive: true, force: true });
}

/** The folder of one engine inside the data folder, accessible only to its user. */
export function makeEngineFolder(home: Home, name: string, owner: Owner | undefined): void {
  const folder = engineFolder(home, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) chownSync(folder, owner.uid, owner.gid);
}

export function engineFolder(home: Home, name: string): string {
  return join(existsSync(home.data) ? realpathSync(home.data) : home.data, name);
}

function isElsewhere(home: Home): boolean {
  return dirname(realpathSync(home.data)) !== realpathSync(home.folder);
}

function canReach(folder: string, owner: Owner): boolean {
  return spawnSync('test', ['-x', folder], { ...owner, cwd: '/' }).status === 0;
}
