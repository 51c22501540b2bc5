// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { letPass, makeFolder } from '../../machine/make-folder.mjs';

/** Where the data goes if the engines' users can't reach the home, as in a clone under /root. */
const FALLBACK_PARENT = '/var/lib/souk';

/**
 * The user an engine runs as: for root, the one that its package created, or else `nobody`; otherwise the current user.
 *
 * @param {string} name
 * @returns {import('../supervision/process-spec.mjs').Owner | undefined} undefined for the current user
 */
export function engineOwner(name) {
  if (process.getuid?.() !== 0) return undefined;
  return lookUpUser(name) ?? lookUpUser('nobody');
}

/** @param {string} name */
function lookUpUser(name) {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Creates the home's data folder if there is none. The location is decided once and kept as a link, so that data never seems lost
 * because a permission changed.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @returns {string | undefined} the folder elsewhere, if one had to be used
 */
export function makeDataFolder(home) {
  if (existsSync(home.data)) return isElsewhere(home) ? realpathSync(home.data) : undefined;
  const owner = engineOwner('mysql');
  if (owner) letPass(home.folder);
  rmSync(home.data, { force: true });
  if (!owner || canReach(home.folder, owner)) {
    makeFolder(home.data, 0o711);
    return undefined;
  }
  const fallback = join(FALLBACK_PARENT, createHash('sha256').update(home.folder).digest('hex').slice(0, 12));
  makeFolder(fallback, 0o711);
  for (const folder of [FALLBACK_PARENT, fallback]) letPass(folder);
  if (!canReach(fallback, owner))
    throw new Failure(`The engines' users can reach neither ${home.folder} nor ${fallback}.`);
  symlinkSync(fallback, home.data);
  return fallback;
}

/** Removes the data, wherever it is. @param {import('../../machine/paths.mjs').Home} home */
export function removeDataFolder(home) {
  if (existsSync(home.data) && isElsewhere(home)) rmSync(realpathSync(home.data), { recursive: true, force: true });
  rmSync(home.data, { recursive: true, force: true });
}

/**
 * The folder of one engine inside the data folder, accessible only to its user.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string} name
 * @param {import('../supervision/process-spec.mjs').Owner} [owner]
 */
export function makeEngineFolder(home, name, owner) {
  const folder = engineFolder(home, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** @param {import('../../machine/paths.mjs').Home} home @param {string} name */
export function engineFolder(home, name) {
  return join(existsSync(home.data) ? realpathSync(home.data) : home.data, name);
}

/** @param {import('../../machine/paths.mjs').Home} home */
function isElsewhere(home) {
  return dirname(realpathSync(home.data)) !== realpathSync(home.folder);
}

/** @param {string} folder @param {import('../supervision/process-spec.mjs').Owner} owner */
function canReach(folder, owner) {
  return spawnSync('test', ['-x', folder], { ...owner, cwd: '/' }).status === 0;
}
