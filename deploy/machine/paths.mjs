// @ts-check
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a trailing slash. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** The home of the system that `setup.sh` starts. Tests have private homes elsewhere. */
export const MAIN_HOME = join(ROOT, '.souk');

/**
 * The folders and files of one running system. Several homes can run side by side on one machine.
 *
 * @typedef {object} Home
 * @property {string} folder the home itself
 * @property {boolean} isMain whether it is the home of `setup.sh`, whose settings are in the repository's `.env`
 * @property {string} envFile settings and passwords
 * @property {string} run pid files and the supervisor's control socket
 * @property {string} logs one log per process
 * @property {string} data the engines' data; a link to another folder if they can't reach this one
 */

/**
 * @param {string} [folder] default: the main home
 * @returns {Home}
 */
export function homeAt(folder = MAIN_HOME) {
  const path = resolve(folder);
  const isMain = path === MAIN_HOME;
  return {
    folder: path,
    isMain,
    envFile: isMain ? join(ROOT, '.env') : join(path, 'settings.env'),
    run: join(path, 'run'),
    logs: join(path, 'logs'),
    data: join(path, 'data'),
  };
}

/** Creates the folders of a home. @param {Home} home */
export function makeHome(home) {
  for (const folder of [home.folder, home.run, home.logs]) mkdirSync(folder, { recursive: true });
}
