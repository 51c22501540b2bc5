// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { tell } from '../../console/progress.mjs';
import { removeDataFolder } from '../engines/data-folder.mjs';
import { lockFile } from '../../machine/lock.mjs';
import { releasePorts } from '../settings/port-blocks.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { stopOrphans } from '../supervision/orphans.mjs';
import { planProcesses } from '../supervision/plan.mjs';
import { stopSupervisor } from '../supervision/start.mjs';

/**
 * Stops everything that runs in a home, with or without a supervisor.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ isDataDoomed: boolean }} [options]
 * @returns {Promise<boolean>} whether anything was running
 */
export async function stop(home, options) {
  if (!existsSync(home.folder)) return false;
  const wasSupervised = await stopSupervisor(home, options);
  const orphans = existsSync(home.envFile) ? await stopOrphans(home, planProcesses(home, { withApps: true })) : [];
  return wasSupervised || orphans.length > 0;
}

/**
 * Stops a private home and removes it with all its data.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function down(home) {
  if (home.isMain) throw new Failure('This is the main system: use `stop`, or `reset` to remove its data.');
  if (!existsSync(home.envFile)) throw new Failure(`${home.folder} is not a home of Souk; nothing was removed.`);
  await stop(home, { isDataDoomed: true });
  removeHome(home);
}

/**
 * Removes the content of a home whose processes have ended, except the lock, which its holder still needs, and nested homes.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export function removeHome(home) {
  // A supervisor that stops with its parent removes the home too, so there may be nothing left.
  if (!home.isMain && existsSync(home.envFile)) releasePorts(home, readSettings(home).ports.cartApi);
  removeDataFolder(home);
  for (const name of readdirSync(home.folder)) {
    const path = join(home.folder, name);
    if (path !== lockFile(home) && !isHome(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** Whether a folder is a home itself, such as that of a running test. @param {string} path */
function isHome(path) {
  return existsSync(join(path, 'settings.env'));
}

/**
 * Stops the main system and removes all its data; the settings stay.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function reset(home) {
  await stop(home, { isDataDoomed: true });
  removeHome(home);
  tell(`All data is removed; the settings in ${home.envFile} are kept.`);
}
